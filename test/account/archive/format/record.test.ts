import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { FORMAT } from "../../../../src/account/archive/format/format.ts";
import {
  insertRecord,
  recordHash,
  underKey,
} from "../../../../src/account/archive/sessions/insert-record.ts";
import { liveRecord } from "../../../../src/account/archive/sessions/live-record.ts";
import { ObjectStore } from "../../../../src/account/archive/storage/object-store.ts";
import { recordLines } from "../../../../src/account/archive/format/record-lines.ts";
import { RecordReader, TurnLines } from "../../../../src/account/archive/format/record.ts";
import type { SessionRecord } from "../../../../src/account/archive/format/record.ts";
import type { ApiError } from "../../../../src/shared/errors.ts";
import { callId, turnId } from "../../../../src/shared/ids.ts";
import { frameId } from "../../../../src/account/store/turns/system-prompts.ts";
import { HELD, PINNED } from "../../../../src/account/store/sessions/session-flags.ts";
import { findSession, viewSession } from "../../../../src/account/store/sessions/sessions.ts";
import { THEN, turnOf, withShelf } from "../../../support/archive.ts";
import { freshAccount } from "../../../support/client.ts";
import type { Turn } from "../../../../src/shared/turn.ts";

const SYSTEM = "You teach.";
const turn = (key: number, seq: number, more: Partial<Turn> = {}): Turn =>
  turnOf(turnId(key, seq), `q${seq}`, { created_at: THEN + seq, output: `a${seq}`, ...more });

/** A session that has everything that a session can have. */
const FULL: SessionRecord = {
  session_id: "full",
  key: 7,
  created_at: THEN,
  accessed_at: THEN + 9,
  assistant: "tutor",
  user_id: "u",
  metadata: { a: "b" },
  role: "pupil",
  facts: ["likes tea"],
  state: { step: 2 },
  state_version: 3,
  summary: { text: "They met.", turn: callId(turnId(7, 1)) },
  pinned: true,
  hold: "case 7",
  frames: { [frameId(SYSTEM)]: SYSTEM },
  turns: [
    turn(7, 1, { shown: 0, frame: frameId(SYSTEM), extra: { restored: true, state_version: 3 } }),
    turn(7, 2, {
      status: "failed",
      output: null,
      extra: { error: { code: "model_failed", message: "no" } },
    }),
    turn(7, 4, {
      extra: {
        cached: true,
        policy: { outcome: "blocked", events: [] },
        response: {
          cut: "max_output_tokens",
          pieces: [[2]],
          cached_tokens: 1,
        },
      },
    }),
  ],
};
const BARE: SessionRecord = {
  session_id: "bare",
  key: 8,
  created_at: THEN,
  accessed_at: THEN + 1,
  assistant: null,
  user_id: null,
  metadata: {},
  turns: [turn(8, 1)],
};
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

/** Why lines are not what was written. */
function refusalOf(lines: readonly string[]): string {
  const reader = new RecordReader(null);
  try {
    reader.readAll(lines.join("\n"));
    reader.end();
    return "none";
  } catch (error) {
    const { code, message } = error as ApiError;
    return `${code}: ${message}`;
  }
}

describe("a record", () => {
  it("is what it was when it is read from its lines, one after the other or all", () => {
    const text = [...recordLines(FULL), ...recordLines(BARE)].join("\n");
    const all = new RecordReader(null).readAll(text, 4);
    expect(all.map(({ member }) => member)).toEqual([4, 4]);
    expect(plain(all.map(({ record }) => record))).toEqual(plain([FULL, BARE]));
    expect(plain(new RecordReader("bare").read(text))).toEqual(plain(BARE));
    expect(new RecordReader("other").read(text)).toBeNull();
  });

  it("says on its first line what there is, and no more", () => {
    const [first = ""] = recordLines(BARE);
    expect(JSON.parse(first)).toStrictEqual({
      type: "session",
      format: FORMAT,
      session_id: "bare",
      key: 8,
      created_at: new Date(THEN).toISOString(),
      accessed_at: new Date(THEN + 1).toISOString(),
      assistant: null,
      user_id: null,
      metadata: {},
      turns: 1,
    });
  });

  it("that is not whole, or of a newer format, is refused", () => {
    const lines = recordLines(FULL);
    const [head = "", first = "", ...rest] = lines;
    expect([
      refusalOf(lines),
      refusalOf([head, first]),
      refusalOf([head, first, head]),
      refusalOf([first, ...rest]),
      refusalOf(["{"]),
      refusalOf(['{"type":"session"}']),
      refusalOf([head.replace(`"format":${FORMAT}`, `"format":${FORMAT + 1}`)]),
      refusalOf([head, first.replace(/"call_id":"[^"]*"/, '"call_id":"x"')]),
    ]).toEqual([
      "none",
      expect.stringMatching(/^archive_corrupt: .*before its last turn/),
      expect.stringMatching(/^archive_corrupt: .*before its last turn/),
      expect.stringMatching(/^archive_corrupt: .*belongs to no session/),
      expect.stringMatching(/^archive_corrupt: .*not JSON/),
      expect.stringMatching(/^archive_corrupt: .*not of the format/),
      expect.stringContaining(`has format ${FORMAT + 1}`),
      expect.stringMatching(/^archive_corrupt: .*call_id/),
    ]);
  });

  it("names the system message where it changes", () => {
    const other = "You joke.";
    const texts = new Map([SYSTEM, other].map((text) => [frameId(text), text]));
    const lines = new TurnLines((frame) => texts.get(frame) ?? null, frameId(SYSTEM));
    const systemOf = (frame?: string) => {
      const line = lines.of(turn(1, 1, frame === undefined ? {} : { frame: frameId(frame) }));
      return (JSON.parse(line) as { system?: string | null }).system;
    };
    expect([SYSTEM, other, other, undefined, undefined, SYSTEM].map(systemOf)).toEqual([
      undefined,
      other,
      undefined,
      null,
      undefined,
      SYSTEM,
    ]);
  });
});

describe("a record as a live session", () => {
  it.each([FULL, BARE])("is the same record again ($session_id)", (record) =>
    withShelf(async (shelf) => {
      const parts = shelf.tools();
      const key = insertRecord(parts, structuredClone(record));
      expect(key).toBe(record.key);
      const live = liveRecord(parts, key);
      expect(plain({ ...live, frames: null })).toEqual(plain({ ...record, frames: null }));
      const { flags } = findSession(shelf.db, record.session_id)!;
      expect([(flags & PINNED) !== 0, (flags & HELD) !== 0]).toEqual([
        record.pinned === true,
        record.hold !== undefined,
      ]);
    }),
  );

  it("has a key of its own where another session has its key, and says the same", () =>
    withShelf(async (shelf) => {
      const parts = shelf.tools();
      insertRecord(parts, { ...BARE, key: FULL.key });
      const key = insertRecord(parts, structuredClone(FULL));
      expect(key).not.toBe(FULL.key);
      expect(viewSession(shelf.db, "full")).toMatchObject({ user_id: "u", role: "pupil" });
      expect(recordHash(underKey(FULL, key))).toBe(recordHash(FULL));
      expect(underKey(FULL, 9).turns.map(({ id }) => id)).toEqual(
        [1, 2, 4].map((seq) => turnId(9, seq)),
      );
      expect(underKey(FULL, 9).summary?.turn).toBe(callId(turnId(9, 1)));
      expect(recordHash({ ...FULL, user_id: "v" })).not.toBe(recordHash(FULL));
    }));
});

const bytes = (text: string) => new TextEncoder().encode(text);

const storeOf = (primary: R2Bucket, replica?: R2Bucket) => {
  const lacking = new Set<string>();
  const errors: unknown[] = [];
  const store = new ObjectStore({
    primary,
    replica,
    lacks: (key) => void lacking.add(key),
    has: (key) => void lacking.delete(key),
    onError: (_, where) => void errors.push(where),
  });
  return { store, lacking, errors };
};

describe("objects", () => {
  const about = { contentType: "text/plain", metadata: { a: "b" } };

  it("are listed after a given key, with their metadata", async () => {
    const prefix = `${freshAccount()}/`;
    const { store } = storeOf(env.ARCHIVE);
    for (const name of ["a", "b", "c"]) await store.write(prefix + name, bytes(name), about);
    const named = async (after?: string) =>
      (await store.list(prefix, after)).map(({ key }) => key.slice(prefix.length));
    expect([await named(), await named(`${prefix}a`), await named(`${prefix}c`)]).toEqual([
      ["a", "b", "c"],
      ["b", "c"],
      [],
    ]);
    expect((await store.list(prefix))[0]?.customMetadata).toEqual({ a: "b" });
    await store.delete([`${prefix}a`, `${prefix}b`]);
    expect(await named()).toEqual(["c"]);
    const held = await store.readIfThere(`${prefix}c`);
    expect([
      new TextDecoder().decode(held ?? undefined),
      await store.readIfThere(`${prefix}a`),
    ]).toEqual(["c", null]);
  });

  it("are not taken for written where R2 holds something else", async () => {
    const key = `${freshAccount()}/x`;
    for (const wrong of [
      { size: 1, checksums: { sha256: new ArrayBuffer(32) } },
      { size: 2, checksums: { sha256: new ArrayBuffer(32) } },
      { size: 2, checksums: {} },
    ]) {
      const liar = { put: async () => wrong } as unknown as R2Bucket;
      await expect(storeOf(liar).store.write(key, bytes("hi"), about)).rejects.toMatchObject({
        code: "archive_unavailable",
      });
    }
  });

  it("that a replica refused are lacking there, and written for all that", async () => {
    const key = `${freshAccount()}/x`;
    const away = { put: () => Promise.reject(new Error("away")) } as unknown as R2Bucket;
    const { store, lacking, errors } = storeOf(env.ARCHIVE, away);
    await store.write(key, bytes("hi"), about);
    expect([[...lacking], errors]).toEqual([[key], [{ object_key: key, bucket: "replica" }]]);
    const whole = storeOf(env.ARCHIVE, env.ARCHIVE);
    await whole.store.write(key, bytes("hi"), about);
    expect([...whole.lacking]).toEqual([]);
    expect([whole.store.isReplicated, storeOf(env.ARCHIVE).store.isReplicated]).toEqual([
      true,
      false,
    ]);
  });

  it("are copied with what they were written with, and refused where they are damaged", async () => {
    const key = `${freshAccount()}/x`;
    await storeOf(env.ARCHIVE).store.write(key, bytes("hi"), about);
    const copies: [string, string, R2PutOptions][] = [];
    const replica = {
      put: async (at: string, copy: Uint8Array, options: R2PutOptions) => {
        copies.push([at, new TextDecoder().decode(copy), options]);
        return env.ARCHIVE.put(at, copy, options);
      },
    } as unknown as R2Bucket;
    const { store, lacking } = storeOf(env.ARCHIVE, replica);
    lacking.add(key);
    await store.replicate(key);
    expect(copies).toMatchObject([
      [key, "hi", { customMetadata: { a: "b" }, httpMetadata: { contentType: "text/plain" } }],
    ]);
    expect([...lacking]).toEqual([]);
    await storeOf(env.ARCHIVE, replica).store.replicate(`${key}-gone`);
    expect(copies).toHaveLength(1);
    const damaged = {
      get: async () => ({
        arrayBuffer: async () => bytes("ho").buffer,
        checksums: { sha256: new ArrayBuffer(32) },
      }),
    } as unknown as R2Bucket;
    await expect(storeOf(damaged, replica).store.replicate(key)).rejects.toMatchObject({
      code: "archive_corrupt",
    });
  });
});
