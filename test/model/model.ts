import { seqOf } from "../../src/shared/ids.ts";
import { DAY } from "../support/client.ts";
import type { Turn } from "../../src/shared/turn.ts";

/** What `config.ts` makes of no settings. */
const IDLE_DAYS = 30;
const ARCHIVE_DAYS = 90;

/** A turn as it was acknowledged: told by its place, as its session may get another key. */
export type KeptTurn = Omit<Turn, "id"> & { seq: number };

export interface Kept {
  turns: KeptTurn[];
  /** JSON; null: it never had one. */
  state: string | null;
  version: number;
  metadata: Record<string, string>;
  pinned: boolean;
  hold: string | null;
  created_at: number;
  accessed_at: number;
  /** Null while it is live. */
  archived_at: number | null;
  /** The import that made it, and how many turns it came with. */
  brought: { by: string; turns: number } | null;
}

export interface KeptKey {
  session_id: string;
  seq: number;
  /** The session and the text that came with it first. */
  asked: string;
  at: number;
}

/** An account in plain TypeScript: what was acknowledged, and what has to follow from it. */
export class Model {
  sessions = new Map<string, Kept>();
  readonly erased = new Set<string>();
  readonly keys = new Map<string, KeptKey>();
  readonly backups = new Map<string, { at: number; sessions: Map<string, Kept> }>();
  /** By id: of how many lines, and whether it is being undone. */
  readonly imports = new Map<string, { lines: number; undoing: boolean }>();
  held = false;

  due(now: number, idleMs = IDLE_DAYS * DAY): string[] {
    if (this.held) return [];
    return [...this.sessions]
      .filter(([, { archived_at, pinned, hold }]) => archived_at === null && !pinned && !hold)
      .filter(([, { accessed_at }]) => accessed_at < now - idleMs)
      .map(([id]) => id);
  }

  expired(now: number): string[] {
    if (this.held) return [];
    return [...this.sessions]
      .filter(([, { pinned, hold }]) => !pinned && !hold)
      .filter(
        ([, { archived_at }]) => archived_at !== null && archived_at < now - ARCHIVE_DAYS * DAY,
      )
      .map(([id]) => id);
  }

  archive(id: string, now: number): void {
    const session = this.get(id);
    session.archived_at = now;
  }

  /** Live again, if it was archived. */
  bringBack(id: string, now: number): void {
    const session = this.get(id);
    if (session.archived_at === null) return;
    session.archived_at = null;
    // An imported turn may be of any time.
    session.accessed_at = Math.max(now, session.turns.at(-1)?.created_at ?? 0);
  }

  erase(id: string): void {
    this.drop(id);
    this.erased.add(id);
    for (const { sessions } of this.backups.values()) sessions.delete(id);
  }

  /** As if it had never been. */
  drop(id: string): void {
    this.sessions.delete(id);
    for (const [key, { session_id }] of this.keys) if (session_id === id) this.keys.delete(key);
  }

  sweep(now: number, idleMs?: number): string[] {
    const due = this.due(now, idleMs);
    for (const id of due) this.archive(id, now);
    return due;
  }

  backup(id: string, now: number): void {
    this.backups.set(id, { at: now, sessions: structuredClone(this.sessions) });
  }

  /** What becomes of a session that a backup brings. @returns the word of the report */
  restore(
    id: string,
    from: Kept,
    {
      onConflict,
      isDamaged,
      at,
    }: { onConflict: "skip" | "replace"; isDamaged: boolean; at: number },
  ) {
    const there = this.sessions.get(id);
    const isUnread = isDamaged && there !== undefined && there.archived_at !== null;
    if (this.erased.has(id)) return "erased";
    if (there && !isUnread && isSame(there, from)) return "unchanged";
    if (there && onConflict === "skip") return "exists";
    if (there && (this.held || there.hold !== null)) return "held";
    this.takeCopy(id, from, isUnread ? at : 0);
    if (isUnread) return "repaired";
    return there ? "replaced" : "restored";
  }

  /**
   * A backup's copy takes the place of what is there.
   *
   * @param repairedAt - when the backup began, where the archive that is there was damaged; else 0
   */
  takeCopy(id: string, from: Kept, repairedAt: number): void {
    const there = this.sessions.get(id);
    const keys = [...this.keys];
    this.drop(id);
    // Each of its turns comes back under its id.
    const isWhole =
      there?.created_at === from.created_at && from.turns.length >= there.turns.length;
    for (const [key, known] of keys)
      if (isWhole && known.session_id === id && known.at < repairedAt) this.keys.set(key, known);
    const fresh = structuredClone(from);
    this.sessions.set(id, { ...fresh, archived_at: null, brought: null });
  }

  /** Everything that SQLite alone knew is gone. */
  wipe(): void {
    this.erased.clear();
    this.keys.clear();
    this.imports.clear();
    this.held = false;
    for (const session of this.sessions.values()) session.brought = null;
    for (const { sessions } of this.backups.values())
      for (const session of sessions.values()) session.brought = null;
  }

  /** Takes back what an import brought. @returns whether all of it could be */
  undo(importId: string, now: number): boolean {
    let all = true;
    for (const [id, session] of this.sessions) {
      const { brought, hold, turns } = session;
      if (brought?.by !== importId) continue;
      if (hold !== null) {
        all = false;
        continue;
      }
      this.bringBack(id, now);
      if (turns.length === brought.turns) this.drop(id);
      else Object.assign(session, { turns: turns.slice(brought.turns), brought: null });
    }
    const known = this.imports.get(importId);
    if (all) this.imports.delete(importId);
    else if (known) known.undoing = true;
    return all;
  }

  /** What a search has to find, in live sessions and in archives, whenever they were archived. */
  search(query: string): Set<string> {
    const found = new Set<string>();
    const phrases = query
      .split(/\s+/)
      .map(tokens)
      .filter((words) => words.length > 0);
    for (const [id, session] of this.sessions) {
      const last = lastFinal(session);
      for (const turn of session.turns) {
        const said = [turn.input, turn.output ?? ""].map(
          (text) => ` ${tokens(text as string).join(" ")} `,
        );
        if (!phrases.every((words) => said.some((text) => text.includes(` ${words.join(" ")} `))))
          continue;
        if (turn.seq <= last) found.add(`${id} ${turn.seq}`);
      }
    }
    return found;
  }

  counts(now: number) {
    const all = [...this.sessions.values()];
    const turns = all
      .filter(({ archived_at }) => archived_at === null)
      .flatMap((each) => each.turns);
    return {
      conversations: all.filter(({ archived_at }) => archived_at === null).length,
      archived: all.filter(({ archived_at }) => archived_at !== null).length,
      turns: turns.length,
      messages: turns.reduce((sum, { output }) => sum + (output === null ? 1 : 2), 0),
      due_for_purge: this.due(now).length,
    };
  }

  get(id: string): Kept {
    const session = this.sessions.get(id);
    if (!session) throw new Error(`the model has no session ${id}`);
    return session;
  }
}

/** The words of a text, as the index tells them apart. */
export const tokens = (text: string): string[] =>
  text
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .match(/[\p{L}\p{N}\p{Co}]+/gu) ?? [];

/** Turns that may yet change are not in the index: the last one, unless it is completed. */
function lastFinal({ turns }: Kept): number {
  const isFinal = ({ status, seq }: KeptTurn) =>
    status === "completed" || turns.some((next) => next.seq === seq + 1);
  return turns.findLast(isFinal)?.seq ?? 0;
}

const isSame = (one: Kept, other: Kept): boolean => contentOf(one) === contentOf(other);

const contentOf = ({ turns, state, version, metadata, created_at }: Kept): string =>
  canonical({ turns, state, version, metadata, created_at });

export const keptTurn = ({ id, ...turn }: Turn): KeptTurn =>
  JSON.parse(JSON.stringify({ ...turn, seq: seqOf(id) })) as KeptTurn;

/** JSON that is the same for the same value, whatever order its names came in. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_name, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );

/** RFC 7396 on a flat object. */
export function patchState(session: Kept, patch: string): void {
  const state = new Map(Object.entries(JSON.parse(session.state ?? "{}") as object));
  for (const [name, value] of Object.entries(JSON.parse(patch) as object)) {
    if (value === null) state.delete(name);
    else state.set(name, value);
  }
  changeState(session, JSON.stringify(Object.fromEntries(state)));
}

export function changeState(session: Kept, json: string): void {
  if (json === (session.state ?? "{}")) return;
  session.state = json;
  session.version += 1;
}

/** A session as it begins. */
export const begunAt = (at: number): Kept => ({
  turns: [],
  state: null,
  version: 0,
  metadata: {},
  pinned: false,
  hold: null,
  created_at: at,
  accessed_at: at,
  archived_at: null,
  brought: null,
});
