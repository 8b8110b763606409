import { keyOf } from "../../../shared/ids.ts";
import { plainContent } from "../../../shared/items.ts";
import type { Content } from "../../../shared/items.ts";
import type { TurnText, Turn } from "../../../shared/turn.ts";

/** Number of remembered sessions, and the text that each may have in UTF-16 units: about 16 MB in all. */
const SESSIONS = 512;
const SESSION_LENGTH = 16 * 1024;

interface Recent {
  /** Newest first. */
  turns: TurnText[];
  /** Number of requested turns; a shorter list is complete. */
  limit: number;
}

/**
 * The newest turns of the sessions that are being talked in, as they lie in storage: a window is made of them without
 * reading a row. Whatever writes turns says so here; a session's key is never another's, so what is deleted needs no word.
 */
export class RecentTurns {
  /** By the session's key; the one that was used last is last. */
  readonly #sessions = new Map<number, Recent>();

  /** @returns null where it is not known */
  newest(key: number, limit: number): TurnText[] | null {
    const recent = this.#sessions.get(key);
    if (!recent || limit > recent.limit) return null;
    this.#sessions.delete(key);
    this.#sessions.set(key, recent);
    return recent.turns.slice(0, limit);
  }

  /** Remembers the newest turns as just read. */
  read(key: number, limit: number, turns: readonly TurnText[]): void {
    this.#keep(key, { turns: [...turns], limit });
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > SESSIONS && oldest !== undefined) this.#sessions.delete(oldest);
  }

  written(turn: Turn): void {
    const key = keyOf(turn.id);
    const recent = this.#sessions.get(key);
    if (!recent) return;
    const said = asStored(turn);
    const { turns, limit } = recent;
    const at = turns.findIndex(({ id }) => id <= turn.id);
    const isThere = turns[at]?.id === turn.id;
    if (said && isThere) this.#keep(key, { turns: turns.with(at, said), limit });
    else if (said && (at === 0 || turns.length === 0))
      this.#keep(key, { turns: [said, ...turns].slice(0, limit), limit });
    else this.#sessions.delete(key);
  }

  forget(key: number): void {
    this.#sessions.delete(key);
  }

  clear(): void {
    this.#sessions.clear();
  }

  #keep(key: number, recent: Recent): void {
    this.#sessions.delete(key);
    let left = SESSION_LENGTH;
    for (const { input, output } of recent.turns) {
      left -= lengthOf(input) + lengthOf(output ?? "");
      if (left < 0) return;
    }
    this.#sessions.set(key, recent);
  }
}

const lengthOf = (said: Content): number =>
  typeof said === "string" ? said.length : JSON.stringify(said).length;

/** The turn as it would be read; null where that is not the same for sure: SQLite has no halves of surrogate pairs. */
function asStored({ id, status, input, output, extra }: Turn): TurnText | null {
  for (const text of [input, output])
    if (typeof text === "string" && !text.isWellFormed()) return null;
  return {
    id,
    status,
    input: plainContent(input, "user"),
    output: output === null ? null : plainContent(output, "assistant"),
    extra,
  };
}
