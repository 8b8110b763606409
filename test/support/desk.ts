import { expect } from "vitest";

import { forkSession } from "../../src/account/archive/sessions/fork-session.ts";
import { detachSession } from "../../src/account/archive/sessions/detach-session.ts";
import { PLAIN } from "../../src/assistants/shipped.ts";
import { writeValue } from "../../src/account/store/account/account-values.ts";
import { Assistants } from "../../src/account/store/account/assistants.ts";
import type { ConversationParts } from "../../src/account/conversation/add-items.ts";
import { SystemPrompts } from "../../src/account/store/turns/system-prompts.ts";
import { TurnLifecycle } from "../../src/account/conversation/turn-lifecycle.ts";
import { SessionQueue } from "../../src/account/conversation/session-queue.ts";
import { GroupCommit } from "../../src/sqlite/group-commit.ts";
import type {
  BeginRequest,
  BeginResult,
  OpenTurn,
  Outcome,
} from "../../src/account/conversation/turn-contract.ts";
import { UNKNOWN_KEYS, dropRequestKeys } from "../../src/account/store/turns/request-keys.ts";
import { Quotas } from "../../src/account/store/usage/quotas.ts";
import { SessionCache } from "../../src/account/store/sessions/session-cache.ts";
import { SessionKeys } from "../../src/account/store/sessions/session-keys.ts";
import { findSession } from "../../src/account/store/sessions/sessions.ts";
import { ANY_ROOM, THEN, withShelf } from "./archive.ts";
import type { Shelf } from "./archive.ts";
import type { Turn } from "../../src/shared/turn.ts";

export const DONE: Outcome = {
  status: "completed",
  output: "Yes",
  model: "test",
  input_tokens: 1,
  output_tokens: 1,
  duration_ms: 5,
};

const SHIPPED = [
  { ...PLAIN, name: "default" },
  { ...PLAIN, name: "support", instructions: "Be kind.", idle_seconds: 60 },
  { ...PLAIN, name: "cached", cache: true },
  { ...PLAIN, name: "travel", responder: "travel" as const },
  { ...PLAIN, name: "summing", summary: true, window: { messages: 2, tokens: null } },
];

export interface Desk extends Shelf {
  /** A lifecycle over the same storage, as a new wake would make it. */
  wake: () => TurnLifecycle;
  lifecycle: TurnLifecycle & Shelf["lifecycle"];
  begin: (more?: Partial<BeginRequest>, lifecycle?: TurnLifecycle) => Promise<BeginResult>;
  /** Begun and not answered at once. */
  open: (more?: Partial<BeginRequest>, lifecycle?: TurnLifecycle) => Promise<OpenTurn>;
  settled: (more?: Partial<BeginRequest>, outcome?: Partial<Outcome>) => Promise<Turn>;
  tick: (ms: number) => void;
  /** Sessions that were brought back from their archives. */
  restored: string[];
  parts: ConversationParts;
}

/** Ledgers over one account's storage, with a clock of the test's own. */
export function withDesk(test: (desk: Desk) => Promise<void>, limits: object = {}): Promise<void> {
  return withShelf(async (shelf) => {
    const { db, turns, counters } = shelf;
    let time = THEN;
    const restored: string[] = [];
    writeValue(db, "quotas", limits);
    const journal = {
      db,
      turns,
      counters,
      frames: new SystemPrompts(db),
      keys: new SessionKeys(db),
      sessions: new SessionCache(db),
      sessionWritten: () => undefined,
      keyWritten: () => undefined,
      turnWritten: () => undefined,
      journalBegun: () => undefined,
      checkRoom: () => undefined,
    };
    const tools = { ...shelf.tools(), sessionKeys: journal.keys };
    const quotas = new Quotas(db, counters, ANY_ROOM);
    const wake = (): TurnLifecycle => {
      const lifecycle: TurnLifecycle = new TurnLifecycle({
        ...journal,
        accountId: "desk",
        cacheHours: () => 2,
        queue: new SessionQueue(() => time),
        quotas,
        assistants: new Assistants(db, SHIPPED),
        restore: async (sessionId) => {
          restored.push(sessionId);
          db.run("update sessions set segment = null where session_id = ?", sessionId);
        },
        // Its turns are still in SQLite.
        archiveOf: ({ key }) => ({
          find: async (turn) => turns.get(turn),
          reading: async (work) =>
            work((order, from, limit) => turns.list(key, { order, from, limit })),
          head: async () => ({ state: { archived: true } }),
        }),
        fork: (turn, sessionId, now) => forkSession(tools, turn, sessionId, now),
        unfork: (sessionId) => {
          const session = findSession(db, sessionId)!;
          dropRequestKeys(db, UNKNOWN_KEYS, [session.key]);
          detachSession({ ...tools, lifecycle }, session);
        },
        clock: () => time,
        commits: new GroupCommit(db, async () => undefined),
      });
      return lifecycle;
    };
    const lifecycle = wake();
    const begin: Desk["begin"] = (more = {}, by = lifecycle) =>
      by.begin(
        {
          session_id: "s",
          new_session_id: "fresh",
          models: ["local"],
          input: "Hi",
          on_busy: "reject",
          ...more,
        },
        time,
      );
    const open: Desk["open"] = async (more, by) => {
      const begun = await begin(more, by);
      if (begun.kind !== "begun") throw new Error(`expected a begun turn, got a ${begun.kind}`);
      return begun.turn;
    };
    await test({
      ...shelf,
      wake,
      lifecycle,
      begin,
      open,
      settled: async (more, outcome) =>
        lifecycle.settle(await open(more), { ...DONE, ...outcome }, time),
      tick: (ms) => {
        time += ms;
      },
      restored,
      parts: { ...journal, quotas, lifecycle },
    });
  });
}

export const refusal = (code: string, more: object = {}) =>
  expect.objectContaining({ code, ...more });
