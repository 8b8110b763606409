import { evictDurableObject, runInDurableObject } from "cloudflare:test";

import type { Result } from "../../src/shared/errors.ts";
import { callId } from "../../src/shared/ids.ts";
import type { Turn } from "../../src/shared/turn.ts";
import { accountRpc } from "../../src/account/account-client.ts";
import type { AccountRpc } from "../../src/account/rpc/facets.ts";
import { freshAccount, objectOf } from "../support/client.ts";
import { arm, armR2 } from "./faults.ts";
import type { Fault } from "./faults.ts";
import { Model, begunAt, canonical, keptTurn, patchState } from "./model.ts";
import type { Kept, KeptTurn } from "./model.ts";
import type { Asked, Place } from "./asked-turn.ts";

/** The sessions of an object, or of its stub: what the model looks at. */
export interface ReadableSessions {
  sessions: Pick<AccountRpc["sessions"], "get" | "turns" | "state">;
}

/** What a failure of storage or of R2 may be told as. */
const OUTAGES = new Set(["storage_unavailable", "archive_unavailable", "archive_corrupt"]);
/** Of a call that fails and fails again. Then the fault is over. */
const MAX_TRIES = 3;
const ALL = { limit: 100, order: "asc" } as const;

/** A call of the object; one that a planned failure cuts off is made again, after `between` has looked at what is there. */
export type Attempt = <T>(
  ask: () => Promise<Result<T>>,
  between?: () => Promise<void>,
) => Promise<Result<T>>;

export class Broken extends Error {}

/** @throws Broken unless they are the same */
export function same(what: string, actual: unknown, expected: unknown): void {
  const [is, should] = [canonical(actual), canonical(expected)];
  if (is !== should) throw new Broken(`${what}:\n  is        ${is}\n  should be ${should}`);
}

/** What a call was answered with: its code where it was refused. */
export const codeOf = (result: Result<unknown>): string => (result.ok ? "ok" : result.error.code);

/** @throws Broken unless the call was answered with one of these */
export function oneOf(what: string, result: Result<unknown>, codes: readonly string[]): void {
  if (!codes.includes(codeOf(result)))
    throw new Broken(`${what} was answered with ${codeOf(result)}, and not ${codes.join(" or ")}`);
}

/** The value of a call that must not be refused. @throws Broken */
export function granted<T>(what: string, result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Broken(`${what} was refused: ${result.error.code} ${result.error.message}`);
}

/** An account as it is, beside the model of what it should be. */
export class Account {
  readonly name = freshAccount();
  readonly object = objectOf(this.name);
  readonly rpc = accountRpc(this.object);
  readonly model = new Model();

  #disarm = () => {};

  /** Nothing fails from here on: what comes now only looks. */
  calm(): void {
    this.#disarm();
  }

  /** In the object, without an RPC for each call. */
  inside<T>(
    fault: Fault | null,
    work: (object: AccountRpc, attempt: Attempt) => Promise<T>,
  ): Promise<T> {
    return runInDurableObject(this.object, async (object, { storage }) => {
      const plan = fault && arm(this.name, storage, fault);
      this.#disarm = () => plan?.disarm();
      const attempt: Attempt = async (ask, between) => {
        for (let tries = 1; ; tries += 1) {
          const before = plan?.fired() ?? 0;
          const result = await ask();
          const isOutage = !result.ok && OUTAGES.has(result.error.code);
          if (!isOutage || !plan || plan.fired() === 0) return result;
          // What failed once may be tried again at once; nothing is lost by that, whatever fails then.
          if (plan.isSpent() || tries >= MAX_TRIES || plan.fired() === before) {
            plan.disarm();
            await between?.();
            return ask();
          }
        }
      };
      try {
        return await work(accountRpc(object), attempt);
      } finally {
        plan?.disarm();
      }
    });
  }

  /** Writes into the model what settling has acknowledged. */
  keep(asked: Asked, turn: KeptTurn, { session_id, seq }: Place): void {
    const { sessions, keys } = this.model;
    const session = sessions.get(session_id) ?? begunAt(turn.created_at);
    sessions.set(session_id, session);
    if (asked.patch !== null && asked.ends === "completed") patchState(session, asked.patch);
    session.turns = [...session.turns.filter((other) => other.seq !== seq), turn];
    session.accessed_at = Math.max(session.accessed_at, turn.created_at);
    if (asked.key === null) return;
    const first = keys.get(asked.key)?.asked ?? `${asked.session_id} ${asked.text}`;
    keys.set(asked.key, { session_id, seq, asked: first, at: turn.created_at });
  }

  /** Likewise from outside, where only R2 is to fail. */
  async withFault<T>(fault: Fault | null, work: () => Promise<T>): Promise<T> {
    const plan = fault && fault.where !== "sql" ? armR2(this.name, fault) : null;
    try {
      return await work();
    } finally {
      plan?.disarm();
    }
  }

  /** Memory is lost, storage is not. */
  async evict(): Promise<void> {
    // One that does not run cannot be evicted.
    await this.rpc.settings.rows();
    await evictDurableObject(this.object);
  }

  /** Whatever was to be settled within two minutes was not. */
  async expireLeases(): Promise<void> {
    await this.evict();
    await runInDurableObject(this.object, (_, { storage }) => {
      storage.sql.exec(
        "update turns set extra = json_set(extra, '$.lease.until', 0) where status = 0",
      );
    });
  }

  /**
   * The session is as the model has it. That is seen by its last turns while it is live; an archive is read for
   * `whole`.
   */
  async look(object: ReadableSessions, id: string, now: number, whole = false): Promise<void> {
    this.calm();
    const kept = this.model.sessions.get(id);
    const found = await object.sessions.get(null, id);
    if (!kept) return same(`${id}, which is not there`, codeOf(found), "session_not_found");
    const { assistant: _a, user_id: _u, role: _r, facts: _f, ...view } = granted(id, found);
    same(`session ${id}`, view, viewOf(id, kept));
    if (kept.archived_at !== null && !whole) return;
    await this.lookInside(object, id, kept, now, whole);
  }

  /** Its turns and its state, wherever they lie. */
  async lookInside(
    object: ReadableSessions,
    id: string,
    kept: Kept,
    now: number,
    whole = true,
  ): Promise<void> {
    const page = whole ? ALL : ({ limit: 3, order: "desc" } as const);
    const data: Turn[] = [];
    let has_more = true;
    // Long turns make pages shorter.
    for (let after: string | undefined; has_more && data.length < page.limit;) {
      const next = granted(
        `turns of ${id}`,
        await object.sessions.turns(null, id, { ...page, after }, now),
      );
      data.push(...next.data);
      ({ has_more } = next);
      after = callId(data.at(-1)?.id ?? 0);
    }
    const expected = whole ? kept.turns : kept.turns.slice(-3).toReversed();
    same(`turns of ${id}`, data.map(keptTurn), expected);
    same(`more turns of ${id}`, has_more, kept.turns.length > page.limit);
    const state = granted(`state of ${id}`, await object.sessions.state(null, id));
    same(`state of ${id}`, state, { json: kept.state ?? "{}", version: kept.version });
  }
}

const viewOf = (session_id: string, kept: Kept) => ({
  session_id,
  status: kept.archived_at === null ? "live" : "archived",
  created_at: kept.created_at,
  last_accessed_at: kept.accessed_at,
  turns: kept.turns.length,
  metadata: kept.metadata,
  pinned: kept.pinned,
  hold: kept.hold,
});
