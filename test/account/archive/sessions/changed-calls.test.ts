import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import {
  addEvents,
  addPolicyEvents,
  completeCall,
  writeCalls,
} from "../../../../src/account/calls/write.ts";
import type {
  CallWrite,
  ExternalCallParts,
} from "../../../../src/account/conversation/external-calls.ts";
import { locateCall } from "../../../../src/account/store/calls/calls.ts";
import { SessionCache } from "../../../../src/account/store/sessions/session-cache.ts";
import { SessionKeys } from "../../../../src/account/store/sessions/session-keys.ts";
import { findSession } from "../../../../src/account/store/sessions/sessions.ts";
import { SystemPrompts } from "../../../../src/account/store/turns/system-prompts.ts";
import type { Turn } from "../../../../src/shared/turn.ts";
import { THEN, dueAt, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";

const DUE = dueAt(THEN + 70 * DAY);

const partsOf = ({ db, turns, counters }: Shelf): ExternalCallParts => ({
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
});

const chunk = (index: number, content: string) => ({
  event_type: "chunk" as const,
  sequence: index,
  payload: JSON.stringify({ choices: [{ index: 0, delta: { content } }] }),
});

const callOf = (
  call_id: string,
  session_id: string,
  status: "in_progress" | "completed",
): CallWrite => ({
  call_id,
  session_id,
  status,
  created_at: THEN,
  duration_ms: null,
  model: "m",
  input_tokens: null,
  output_tokens: null,
  input: "Hi",
  output: null,
  call: { request: '{"messages":[]}' },
});

/** Three calls of the session "changed", and one of "other": `late` lacks a chunk, `open` has not ended. */
function writeAll(parts: ExternalCallParts): void {
  const writes = [
    callOf("late", "changed", "in_progress"),
    callOf("open", "changed", "in_progress"),
    callOf("last", "changed", "completed"),
    callOf("other", "other", "completed"),
  ];
  parts.db.transaction(() => {
    writeCalls(parts, writes, THEN);
    addEvents(parts, "late", [chunk(0, "one "), chunk(2, "three")]);
    completeCall(parts, "late", { status: "completed", completed_at: THEN + 5 });
  });
}

const CHANGES: [
  name: string,
  callId: string,
  change: (parts: ExternalCallParts) => void,
  expected: (turn: Turn) => void,
][] = [
  [
    "policy events of its last call",
    "last",
    (parts) =>
      addPolicyEvents(parts, "last", [
        {
          policy_class: "judge",
          policy_config: "{}",
          event_type: "judged",
          sequence: 1,
          created_at: THEN,
        },
      ]),
    ({ extra }) => expect(extra.policy?.events).toMatchObject([{ policy_class: "judge" }]),
  ],
  [
    "a late chunk of a completed call",
    "late",
    (parts) => addEvents(parts, "late", [chunk(1, "two ")]),
    ({ output }) => expect(output).toBe("one two three"),
  ],
  [
    "the end of a call that is not its last",
    "open",
    (parts) => completeCall(parts, "open", { status: "completed", completed_at: THEN + 9 }),
    ({ status, duration_ms }) =>
      expect({ status, duration_ms }).toEqual({ status: "completed", duration_ms: 9 }),
  ],
];

describe("a session that is being archived", () => {
  it.each(CHANGES)("keeps %s, written meanwhile", async (_name, callId, change, expected) => {
    await withShelf(async (shelf) => {
      const parts = partsOf(shelf);
      writeAll(parts);
      const slow = {
        put: async (...args: Parameters<R2Bucket["put"]>) => {
          const stored = await env.ARCHIVE.put(...args);
          shelf.db.transaction(() => change(parts));
          return stored;
        },
      };
      const read = async (): Promise<Turn> => {
        const { id } = locateCall(shelf.db, callId);
        return (await shelf.read("changed")).find((turn) => turn.id === id) as Turn;
      };
      const swept = await shelf.archivist(slow as unknown as R2Bucket).archiveDue(DUE, 0);
      expected(await read());
      expect(swept).toMatchObject({ archived: 1, errors: 0 });
      expect(findSession(shelf.db, "changed")?.segment).toBeNull();
      expect(findSession(shelf.db, "other")?.segment).not.toBeNull();
      expect(await shelf.archivist().archiveDue(DUE, 0)).toMatchObject({ archived: 1, errors: 0 });
      expect(findSession(shelf.db, "changed")?.segment).not.toBeNull();
      expected(await read());
    });
  });
});
