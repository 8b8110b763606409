import { gzipSync } from "node:zlib";

import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";

import { FORMAT } from "../../../src/account/archive/format/format.ts";
import { EXPORT_START } from "../../../src/account/archive/upkeep/export-cursor.ts";
import type { ExportCursor } from "../../../src/account/archive/upkeep/export-cursor.ts";
import { Client, DAY, freshAccount } from "../../support/client.ts";
import { LOCKED, ROOT_KEY, root } from "../../support/keys.ts";
import { accountRpc } from "../../../src/account/account-client.ts";
import { SLICE_BYTES } from "../../../src/account/store/erasure/deletion-slices.ts";
import { NOTHING_UNDONE } from "../../../src/account/imports/undo-progress.ts";
import type { UndoProgress } from "../../../src/account/imports/undo-progress.ts";
import { unwrap } from "../../../src/shared/errors.ts";

const AT = Date.parse("2026-06-01T10:00:00.000Z");
const NOW = AT + DAY;
const iso = (ms: number) => new Date(ms).toISOString();

interface Spoken {
  turns?: number;
  from?: number;
  more?: object;
}

/** A session of so many turns, a minute apart. */
const session = (session_id: string, { turns = 2, from = 0, more = {} }: Spoken = {}): string[] => [
  JSON.stringify({ type: "session", format: 6, session_id, turns, ...more }),
  ...Array.from({ length: turns }, (_, index) =>
    JSON.stringify({
      type: "turn",
      created_at: iso(AT + (from + index) * 60_000),
      duration_ms: 500,
      model: "openai/gpt-5",
      input: `Question ${from + index} of ${session_id}`,
      output: `Answer ${from + index}`,
    }),
  ),
];
/** A session of three turns, of which a step undoes no two such. */
const longSession = (id: string) => [
  ...session(id, { turns: 0, more: { turns: 3 } }),
  ...["a", "b", "c"].map((letter) =>
    JSON.stringify({
      type: "turn",
      created_at: iso(AT),
      duration_ms: 500,
      model: "openai/gpt-5",
      input: `${letter} `.repeat(SLICE_BYTES / 10),
      output: null,
    }),
  ),
];
/** Three sessions in two batches: more than is hashed before the first is written. */
const padding = () =>
  ["x", "y", "z"].map((id) =>
    session(id, { turns: 1 }).map((line) => line.replace("Question", `${id} `.repeat(20_000))),
  );
const bodyOf = (...sessions: string[][]): string => `${sessions.flat().join("\n")}\n`;

const send = (client: Client, body: unknown, query = "", headers: Record<string, string> = {}) =>
  client.post(`/import?${query}`, { at: NOW, body, headers });
const keyed = (client: Client, body: unknown, query = "", key = "june") =>
  send(client, body, query, { "idempotency-key": key });
const exported = async (client: Client, query = "") => {
  const response = await client.fetch("GET", `/export?${query}`, { at: NOW });
  return response.text();
};
const inputsOf = async (client: Client, id: string): Promise<string[]> => {
  const { body } = await client.get(`/sessions/${id}/turns?limit=100`, { at: NOW });
  return body.data.map(({ input }: { input: string }) => input);
};

const there = async (): Promise<Client> => {
  const client = new Client();
  await send(client, bodyOf(session("a", { turns: 2, from: 5 })));
  return client;
};

const undo = (client: Client, id: string) => client.call("DELETE", `/imports/${id}`);

describe("an import", () => {
  it("keeps ids, times, roles, tool calls and what else is set", async () => {
    const client = new Client();
    const tool = { call_id: "c1", name: "weather", arguments: '{"city":"Rome"}' };
    const said = [
      { type: "function_call", ...tool, id: "fc-1" },
      { type: "function_call_output", call_id: "c1", output: "sunny", created_at: iso(AT + 100) },
      { type: "message", role: "assistant", content: "It is sunny.", id: "m-9" },
    ];
    const head = {
      type: "session",
      format: 6,
      session_id: "chat:1",
      created_at: iso(AT - 5),
      user_id: "ann",
      role: "client",
      assistant: "customer",
      metadata: { title: "Weather" },
      facts: ["Ann lives in Rome"],
      state: { step: 2 },
    };
    const turn = {
      type: "turn",
      created_at: iso(AT),
      duration_ms: 250,
      input: "Rain?",
      output: said,
    };
    const { status, body } = await send(
      client,
      bodyOf([JSON.stringify(head), JSON.stringify(turn)]),
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      object: "import",
      status: "complete",
      lines: 2,
      sessions: 1,
      turns: 1,
      created: 1,
      turns_written: 1,
      problem_count: 0,
      reconciliation: { sessions: 1, turns: 1, differing: [] },
    });
    expect(body.reconciliation.sent_sha256).toBe(body.reconciliation.stored_sha256);
    expect((await client.get("/sessions/chat:1")).body).toMatchObject({
      created_at: iso(AT - 5),
      last_accessed_at: iso(AT),
      user_id: "ann",
      role: "client",
      assistant: "customer",
      metadata: { title: "Weather" },
      facts: ["Ann lives in Rome"],
    });
    expect((await client.get("/sessions/chat:1/state")).body).toMatchObject({ step: 2 });
    expect((await client.get("/sessions/chat:1/messages")).body.data).toMatchObject([
      { role: "user", content: "Rain?", created_at: iso(AT) },
      {
        role: "assistant",
        content: "",
        tool_calls: [
          {
            id: "c1",
            type: "function",
            function: { name: "weather", arguments: '{"city":"Rome"}' },
          },
        ],
        created_at: iso(AT + 250),
      },
      { role: "tool", content: "sunny", tool_call_id: "c1", created_at: iso(AT + 100) },
      { role: "assistant", content: "It is sunny.", created_at: iso(AT + 250) },
    ]);
    const lines = (await exported(client)).split("\n");
    expect(JSON.parse(lines[1] as string)).toMatchObject({ ...turn, output: said });
  });

  it("is gone on with by a turn, which is shown calls with their results", async () => {
    const client = new Client();
    const turn = {
      type: "turn",
      input: "My name is Ann",
      output: [
        { type: "function_call", call_id: "c1", name: "save", arguments: "{}" },
        { type: "function_call_output", call_id: "c1", output: "saved" },
        { type: "function_call", call_id: "c2", name: "save", arguments: "{}" },
        { type: "message", role: "assistant", content: "Noted." },
      ],
    };
    const head = { type: "session", format: 6, session_id: "s" };
    await send(client, bodyOf([JSON.stringify(head), JSON.stringify(turn)]));
    const { body } = await client.get("/sessions/s/window?query=Hi");
    expect(body.messages).toMatchObject([
      { role: "user", content: "My name is Ann" },
      { role: "assistant", tool_calls: [{ id: "c1" }] },
      { role: "tool", tool_call_id: "c1" },
      { role: "assistant", content: "Noted." },
      { role: "user", content: "Hi" },
    ]);
    expect(body.considered.map(({ reason }: { reason: string }) => reason)).toEqual([
      "in_window",
      "unpaired",
      "in_window",
      "in_window",
      "in_window",
    ]);
    const { body: answer } = await client.ask("What is my name?", { session_id: "s" });
    expect(answer.response).toContain("Ann");
    const { body: events } = await client.get(`/calls/${answer.call_id}/events`);
    expect(events.data[0].payload.messages).toMatchObject([
      { role: "user", content: "My name is Ann" },
      { role: "assistant", tool_calls: [{ id: "c1" }] },
      { role: "tool", tool_call_id: "c1" },
      { role: "assistant", content: "Noted." },
      { role: "user", content: "What is my name?" },
    ]);
  });

  it("is taken as gzip, of several members too", async () => {
    const client = new Client();
    const members = [session("a"), session("b")].map((lines) => gzipSync(bodyOf(lines)));
    const { body } = await send(client, new Uint8Array(Buffer.concat(members)));
    expect(body).toMatchObject({ created: 2, turns_written: 4 });
  });

  it("names assistants that the account does not have", async () => {
    const client = new Client();
    const all = bodyOf(
      ...["customer", "oracle", "oracle"].map((assistant, n) =>
        session(`s${n}`, { more: { assistant } }),
      ),
    );
    for (const query of ["dry_run=true", ""])
      expect((await send(client, all, query)).body.unknown_assistants).toEqual(["oracle"]);
  });

  it("is tried without being made", async () => {
    const client = new Client();
    await send(client, bodyOf(session("a")));
    const { body } = await send(client, bodyOf(session("a"), session("b")), "dry_run=true");
    expect(body).toMatchObject({ dry_run: true, created: 1, unchanged: 1, sessions: 2, turns: 4 });
    expect((await client.get("/sessions/b")).status).toBe(404);
    expect((await client.get("/imports")).body.data).toHaveLength(1);
  });

  it("is listed by pages", async () => {
    const client = new Client();
    for (const id of ["i1", "i2", "i3"]) await send(client, bodyOf(session(id)), `import_id=${id}`);
    const page = async (query: string) => {
      const { body } = await client.get(`/imports?${query}`);
      const ids = body.data.map(({ import_id }: { import_id: string }) => import_id);
      return { ids, first: body.first_id, last: body.last_id, more: body.has_more };
    };
    expect(await page("limit=2")).toEqual({
      ids: ["i3", "i2"],
      first: "i3",
      last: "i2",
      more: true,
    });
    expect(await page("limit=2&after=i2")).toMatchObject({ ids: ["i1"], more: false });
    expect(await page("before=i2")).toMatchObject({ ids: ["i3"] });
    expect(await page("order=asc")).toMatchObject({ ids: ["i1", "i2", "i3"] });
    expect((await client.get("/imports?after=i9")).status).toBe(422);
  });

  it("is found by what is searched for, and counted", async () => {
    const client = new Client();
    await send(client, bodyOf(session("a"), session("b")));
    expect((await client.get("/search?q=Question")).body.data).toHaveLength(4);
    expect((await client.get("/storage-stats")).body).toMatchObject({
      total_conversations: 2,
      total_messages: 8,
    });
  });

  it("is the same whether it comes once or twice", async () => {
    const client = new Client();
    await send(client, bodyOf(session("a"), session("b")));
    const before = await exported(client);
    const { body } = await send(client, bodyOf(session("a"), session("b")));
    expect(body).toMatchObject({ unchanged: 2, created: 0, turns_written: 0 });
    expect(await exported(client)).toBe(before);
  });
});

describe("an Idempotency-Key", () => {
  it("makes one import of one request", async () => {
    const client = new Client();
    const first = await keyed(client, bodyOf(session("a")));
    expect(first.body).toMatchObject({ status: "complete", created: 1 });
    await evictDurableObject(client.object);
    expect((await keyed(client, bodyOf(session("a")))).body).toEqual(first.body);
    const others = await Promise.all([
      keyed(client, bodyOf(session("b"))),
      keyed(client, bodyOf(session("a")), "on_conflict=replace"),
      keyed(client, bodyOf(session("a")), "mode=skip_bad"),
    ]);
    expect(others.map(({ status, body }) => [status, body.code])).toEqual(
      others.map(() => [422, "idempotency_mismatch"]),
    );
    expect((await keyed(client, bodyOf(session("b")), "", "july")).body.created).toBe(1);
    expect((await client.get("/imports")).body.data).toHaveLength(2);
  });

  it("goes on with the import that was cut off", async () => {
    const client = new Client();
    const body = bodyOf(...["a", "b", "c"].map((name) => session(name)), ...padding());
    const whole = gzipSync(body);
    const cut = await keyed(client, new Uint8Array(whole.subarray(0, -4)), "mode=skip_bad");
    expect(cut.body.code).toBe("invalid_gzip");
    expect((await client.get("/imports")).body.data).toMatchObject([{ status: "failed" }]);
    await evictDurableObject(client.object);
    const done = await keyed(client, new Uint8Array(whole), "mode=skip_bad");
    expect(done.body).toMatchObject({ status: "complete", sessions: 6, created: 6 });
    expect((await client.get("/imports")).body.data).toHaveLength(1);
  });

  it("begins no import of a short body that is cut off", async () => {
    const client = new Client();
    const cut = (name: string) => new Uint8Array(gzipSync(bodyOf(session(name))).subarray(0, -4));
    expect((await keyed(client, cut("a"), "mode=skip_bad")).body.code).toBe("invalid_gzip");
    const other = await keyed(client, bodyOf(session("b")), "mode=skip_bad");
    expect(other.body).toMatchObject({ status: "complete", sessions: 1, created: 1 });
  });

  it("is of one body, batch by batch too", async () => {
    const client = new Client();
    const long = padding();
    const bodies = [
      bodyOf(session("a")),
      bodyOf(session("b")),
      bodyOf(session("a"), session("b")),
      bodyOf(...long, session("a")),
      bodyOf(...long, session("b")),
      bodyOf(...long, session("a"), session("b")),
      bodyOf(...long),
    ];
    for (const [first, others] of [
      [0, [1, 2, 3]],
      [3, [4, 5, 6]],
    ] as const) {
      const make = (body: unknown) => keyed(client, body, "mode=skip_bad", `key-${first}`);
      const made = await make(bodies[first]);
      expect(made.body).toMatchObject({ status: "complete" });
      for (const other of others) {
        const { status, body } = await make(bodies[other]);
        expect([status, body.code]).toEqual([422, "idempotency_mismatch"]);
      }
      await evictDurableObject(client.object);
      expect((await make(bodies[first])).body).toEqual(made.body);
      // The same bytes, in other pieces.
      expect((await make(new Uint8Array(gzipSync(bodies[first] ?? "")))).body).toEqual(made.body);
    }
    expect((await client.get("/sessions/b")).status).toBe(404);
  });

  it("names the import that goes on by its id, under another key or none", async () => {
    const client = new Client();
    const first = await keyed(client, bodyOf(session("a")), "mode=skip_bad&more=true");
    const { import_id } = first.body;
    expect(first.body).toMatchObject({ status: "running", checkpoint: { line: 3 } });
    const query = `mode=skip_bad&import_id=${import_id}`;
    const other = await send(client, bodyOf(session("b")), `${query}&on_conflict=merge`);
    expect(other.body.code).toBe("import_mismatch");
    expect(other.body.detail).toMatch(/mode=skip_bad and on_conflict=skip\. /);
    const next = await keyed(
      client,
      bodyOf(session("b")),
      `${query}&from_line=4&more=true`,
      "another",
    );
    expect(next.body).toMatchObject({ import_id, status: "running", created: 2 });
    const last = await send(client, bodyOf(session("c")), `${query}&from_line=7`);
    expect(last.body).toMatchObject({ import_id, status: "complete", created: 3 });
    const again = await keyed(client, bodyOf(session("a")), "mode=skip_bad&more=true");
    expect(again.body).toEqual(last.body);
    expect((await client.get("/imports")).body.data).toHaveLength(1);
  });

  it("is looked at before the body is read", async () => {
    const { status, body } = await keyed(new Client(), bodyOf(session("a")), "", "two words");
    expect([status, body.param]).toEqual([422, "Idempotency-Key"]);
  });

  it("says nothing where the request names its import", async () => {
    const client = new Client();
    for (const id of ["i1", "i2"]) {
      const { body } = await keyed(client, bodyOf(session(id)), `import_id=${id}`);
      expect(body).toMatchObject({ import_id: id, created: 1 });
    }
  });
});

describe("what is wrong in an import", () => {
  const bad: [string, string, string][] = [
    ["a line that is not JSON", "{", "not_json"],
    ["an unknown field", '{"type":"turn","input":"x","more":1}', "invalid_line"],
    ["a skipped session without a reason", '{"type":"skipped","session_id":"b"}', "invalid_line"],
    ["a turn without its input", '{"type":"turn","output":"x"}', "invalid_line"],
    ["a message of 21 MB", `{"type":"turn","input":"${"x".repeat(21e6)}"}`, "turn_too_large"],
    [
      "too many short messages",
      JSON.stringify({
        type: "turn",
        input: Array.from({ length: 3_000 }, () => ({
          type: "message",
          role: "user",
          content: "x".repeat(1_000),
        })),
      }),
      "turn_too_large",
    ],
    ["half of a surrogate pair", '{"type":"turn","input":"\\ud800"}', "invalid_line"],
    ["a time before 1970", `{"type":"turn","input":"x","created_at":"${iso(-1)}"}`, "invalid_line"],
    ["a call_id of another", '{"type":"turn","input":"x","call_id":"call_zz"}', "invalid_line"],
    ["a turn that is missing", "", "turns_differ"],
    [
      "an item of no year that can be told",
      '{"type":"turn","input":[{"type":"message","role":"user","content":"x","created_at":"0000-01-01T00:00:00+01:00"}]}',
      "invalid_line",
    ],
    [
      "more tokens than can be added up",
      '{"type":"turn","input":"x","input_tokens":9007199254740991}',
      "invalid_line",
    ],
    [
      "an answer that took for ever",
      '{"type":"turn","input":"x","duration_ms":1e300}',
      "invalid_line",
    ],
    [
      "a call whose request is not JSON",
      '{"type":"turn","input":"x","extra":{"call":{"request":"{"}}}',
      "invalid_line",
    ],
    [
      "half of a pair in the system message",
      '{"type":"turn","input":"x","system":"\\ud800"}',
      "invalid_line",
    ],
    [
      "half of a pair in the model",
      '{"type":"turn","input":"x","model":"\\ud800"}',
      "invalid_line",
    ],
  ];

  it.each(bad)(
    "%s spoils the import, or with skip_bad its session alone",
    async (_, line, code) => {
      const client = new Client();
      const lines = session("b", { turns: 3 });
      lines[2] = line;
      const all = bodyOf(session("a"), lines, session("c"));
      const rejected = await send(client, all);
      const number = code === "turns_differ" ? 4 : 6;
      expect(rejected).toMatchObject({
        status: 422,
        body: { code: "import_rejected", problems: [{ line: number, session_id: "b", code }] },
      });
      expect(rejected.body.detail).toContain(`line ${number}`);
      expect((await client.get("/sessions")).body.data).toEqual([]);
      expect((await client.get("/imports")).body.data).toEqual([]);
      expect(await send(client, all, "mode=skip_bad")).toMatchObject({
        status: 200,
        body: {
          created: 2,
          sessions: 3,
          lines: 10,
          skipped: { bad: 1 },
          problem_count: 1,
          problems: [{ session_id: "b", code }],
        },
      });
      const { body: list } = await client.get("/sessions?order=asc");
      expect(list.data.map((each: { session_id: string }) => each.session_id)).toEqual(["a", "c"]);
    },
  );

  it.each([
    ["no id", {}],
    ["an id that cannot be one", { session_id: "a b" }],
    ["a newer format", { session_id: "b", format: FORMAT + 1 }],
    ["a state that is no object", { session_id: "b", state: [] }],
    ["metadata of more than strings", { session_id: "b", metadata: { n: 1 } }],
    ["a key that none is left behind", { session_id: "b", key: 2 ** 33 }],
    [
      "a version that cannot be counted on",
      { session_id: "b", state: {}, state_version: 2 ** 53 - 1 },
    ],
    ["a summary of a turn of nobody", { session_id: "b", summary: { text: "x", turn: "call_1" } }],
  ])("a session with %s is passed over with its turns", async (_, more) => {
    const client = new Client();
    const line = JSON.stringify({ type: "session", format: 6, ...more });
    const [, ...turns] = session("b");
    const all = bodyOf(session("a"), [line, ...turns], session("c"));
    const { body } = await send(client, all, "mode=skip_bad");
    expect(body).toMatchObject({ created: 2, skipped: { bad: 1 }, problem_count: 1 });
    expect(body.problems).toMatchObject([{ line: 4, code: "invalid_line" }]);
  });

  it("is told of a turn that belongs nowhere, and of an end that tells otherwise", async () => {
    const client = new Client();
    const [, turn] = session("a");
    const end = JSON.stringify({ type: "end", sessions: 2, turns: 2 });
    const { body } = await send(client, `${turn}\n${bodyOf(session("a"))}${end}`, "mode=skip_bad");
    expect(body.problems).toMatchObject([
      { line: 1, code: "turn_without_session" },
      { line: 5, code: "end_differs" },
    ]);
    expect(body.created).toBe(1);
  });

  it("is named where bytes are of another encoding", async () => {
    const client = new Client();
    const latin = Buffer.from(
      bodyOf(session("a"), session("b")).replace("of a", "of \u00e9"),
      "latin1",
    );
    const { body } = await send(client, new Uint8Array(latin), "mode=skip_bad");
    expect(body).toMatchObject({ created: 1, skipped: { bad: 1 } });
    expect(body.problems).toMatchObject([{ line: 2, session_id: "a", code: "not_utf8" }]);
    expect(body.problems[0].message).toContain("0xE9");
    for (const encoding of ["utf16le", "utf16be"]) {
      const bytes = Buffer.from(bodyOf(session("c")), "utf16le");
      const wide = new Uint8Array(encoding === "utf16le" ? bytes : bytes.swap16());
      const refused = await send(client, wide, "mode=skip_bad");
      expect([refused.status, refused.body.code]).toEqual([415, "unsupported_encoding"]);
    }
    const empty = await client.call("POST", "/import?mode=skip_bad");
    expect([empty.status, empty.body.code]).toEqual([422, "invalid_request"]);
    // Of what cannot be read at all, no import is left.
    expect((await client.get("/imports")).body.data).toHaveLength(1);
    const said = await send(client, "{}", "", { "content-type": "text/plain; charset=latin1" });
    expect([said.status, said.body.code]).toEqual([415, "unsupported_encoding"]);
  });

  it("is refused where gzip is cut off, damaged or a bomb; what came before stays whole", async () => {
    const client = new Client();
    const whole = gzipSync(bodyOf(session("a"), session("b")));
    const cut = await send(client, new Uint8Array(whole.subarray(0, -20)), "mode=skip_bad");
    expect([cut.status, cut.body.code]).toEqual([400, "invalid_gzip"]);
    const bomb = gzipSync(Buffer.alloc(2 * 1024 * 1024, " "));
    expect(bomb.length).toBeLessThan(10_000);
    const bombed = await send(client, new Uint8Array(bomb), "mode=skip_bad&import_id=bomb");
    expect([bombed.status, bombed.body.code]).toEqual([413, "expansion_too_large"]);
    expect((await client.get("/imports/bomb")).body.status).toBe("failed");
    const inside = `{"type":"turn","input":"${"x".repeat(28e6)}"}\n`;
    const long = await send(client, inside, "mode=skip_bad");
    expect(long.body.problems).toMatchObject([{ line: 1, code: "line_too_long" }]);
    expect((await client.get("/sessions")).body.data).toEqual([]);
  });

  it("is refused where too many lines are bad; what came before them stays", async () => {
    const client = new Client();
    const lines = "1\n".repeat(20_000);
    for (const body of [lines, new Uint8Array(gzipSync(lines))]) {
      const refused = await send(client, body);
      expect([refused.status, refused.body.code]).toEqual([422, "import_rejected"]);
      expect(refused.body.problems[0]).toMatchObject({ line: 1, code: "invalid_line" });
    }
    const good = Array.from({ length: 300 }, (_, n) => session(`s${n}`, { turns: 20 }));
    const mixed = await send(client, bodyOf(...good) + lines, "mode=skip_bad&import_id=i");
    expect([mixed.status, mixed.body.code]).toEqual([422, "import_rejected"]);
    const { body } = await client.get("/imports/i");
    expect(body.status).toBe("failed");
    expect(body.created).toBeGreaterThan(0);
    expect((await client.get("/storage-stats")).body.total_conversations).toBe(body.created);
  });

  it("is refused past what is written at once", async () => {
    const client = new Client();
    const large = Array.from({ length: 12 }, (_, n) => [
      JSON.stringify({ type: "session", format: 6, session_id: `s${n}` }),
      JSON.stringify({ type: "turn", input: "x".repeat(1e6) }),
    ]);
    const refused = await send(client, bodyOf(...large));
    expect([refused.status, refused.body.code]).toEqual([413, "import_too_large"]);
    expect((await client.get("/sessions")).body.data).toEqual([]);
    const taken = await send(client, bodyOf(...large), "mode=skip_bad");
    expect(taken.body).toMatchObject({ created: 12, reconciliation: { turns: 12, differing: [] } });
  });

  it("is nothing at all", async () => {
    const client = new Client();
    for (const body of ["", "\n\n"]) {
      const { status, body: refused } = await send(client, body);
      expect([status, refused.success]).toEqual([422, false]);
    }
  });

  it("does not pass a quota", async () => {
    const account = freshAccount();
    const owner = new Client(LOCKED, account, ROOT_KEY);
    const path = `/admin/accounts/${account}`;
    await owner.call("PATCH", path, { body: { quotas: { sessions: 2 } } });
    const all = bodyOf(session("a"), session("b"), session("c"));
    const { status, body } = await owner.post(`/import?accountId=${account}`, { body: all });
    expect([status, body.code]).toEqual([507, "quota_sessions"]);
    expect((await owner.get(`/sessions?accountId=${account}`)).body.data).toEqual([]);
  });
});

describe("a session that is there already", () => {
  it("stays as it is, unless it is told otherwise", async () => {
    const client = await there();
    const { body } = await send(client, bodyOf(session("a", { from: 7 }), session("b")));
    expect(body).toMatchObject({
      created: 1,
      skipped: { exists: 1 },
      not_taken: [{ session_id: "a", code: "exists" }],
    });
    expect(await inputsOf(client, "a")).toEqual(["Question 5 of a", "Question 6 of a"]);
  });

  it("keeps everything out where nothing may be there", async () => {
    const client = await there();
    const all = bodyOf(session("b"), session("a", { from: 7 }));
    const { status, body } = await send(client, all, "on_conflict=fail");
    expect([status, body.code, body.session_id]).toEqual([409, "import_conflict", "a"]);
    expect((await client.get("/sessions/b")).status).toBe(404);
  });

  it("is replaced, live or archived", async () => {
    const client = await there();
    await client.post("/sessions/a/archive");
    const all = bodyOf(session("a", { turns: 1, from: 7 }));
    const { body } = await send(client, all, "on_conflict=replace");
    expect(body).toMatchObject({ replaced: 1, reconciliation: { sessions: 1, differing: [] } });
    expect(await inputsOf(client, "a")).toEqual(["Question 7 of a"]);
  });

  it("is merged with what is missing, after what is there", async () => {
    const client = await there();
    const key = { "idempotency-key": "k1" };
    const asked = { session_id: "a" };
    await client.ask("My name is Ann", asked, { at: AT + 10 * 60_000, headers: key });
    const older = await send(
      client,
      bodyOf(session("a", { turns: 4, from: 3 })),
      "on_conflict=merge",
    );
    expect(older.body).toMatchObject({ merged: 1, turns_written: 2 });
    const asked5 = [5, 6].map((n) => `Question ${n} of a`);
    const older3 = [3, 4].map((n) => `Question ${n} of a`);
    expect(await inputsOf(client, "a")).toEqual([...asked5, "My name is Ann", ...older3]);
    const again = await send(
      client,
      bodyOf(session("a", { turns: 4, from: 3 })),
      "on_conflict=merge",
    );
    expect(again.body).toMatchObject({ unchanged: 1, turns_written: 0 });
    const replay = await client.ask("My name is Ann", asked, { headers: key });
    expect([replay.status, replay.body.response]).toEqual([200, expect.stringContaining("Ann")]);
    expect(await inputsOf(client, "a")).toHaveLength(5);
    expect((await client.get("/search?q=Question")).body.data).toHaveLength(4);
  });

  it("is merged while it is archived, too", async () => {
    const client = await there();
    await client.post("/sessions/a/archive");
    const dry = await send(
      client,
      bodyOf(session("a", { from: 3 })),
      "on_conflict=merge&dry_run=true",
    );
    expect(dry.body).toMatchObject({ merged: 1, turns_written: 2 });
    const known = session("a", { turns: 1, from: 5 });
    const nothing = await send(client, bodyOf(known), "on_conflict=merge");
    expect(nothing.body).toMatchObject({ unchanged: 1 });
    expect((await client.get("/sessions/a")).body.status).toBe("archived");
    await send(client, bodyOf(session("a", { from: 3 })), "on_conflict=merge");
    expect(await inputsOf(client, "a")).toEqual([5, 6, 3, 4].map((n) => `Question ${n} of a`));
  });

  it.each(["replace", "merge"])("is left alone while it is held: %s", async (how) => {
    const client = await there();
    await client.call("PATCH", "/sessions/a", { body: { hold: "case 1" } });
    const { body } = await send(client, bodyOf(session("a")), `on_conflict=${how}`);
    expect(body).toMatchObject({ skipped: { held: 1 }, turns_written: 0 });
  });

  it("is seen as it has become by then, when it comes twice in one body", async () => {
    const client = await there();
    const same = session("a", { turns: 2, from: 5 });
    const all = bodyOf(same, session("a", { turns: 1, from: 9 }), session("b"), session("b"));
    const { body } = await send(client, all, "on_conflict=merge");
    expect(body).toMatchObject({ unchanged: 2, merged: 1, created: 1 });
    expect(await inputsOf(client, "a")).toEqual([5, 6, 9].map((n) => `Question ${n} of a`));
    const twice = bodyOf(session("c"), session("c"));
    expect((await send(client, twice, "on_conflict=fail")).body).toMatchObject({
      created: 1,
      unchanged: 1,
    });
  });

  it("is archived and found as before, where nothing came of it", async () => {
    const account = freshAccount();
    const owner = new Client(LOCKED, account, ROOT_KEY);
    const at = `accountId=${account}`;
    await owner.post(`/import?${at}`, { body: bodyOf(session("a"), session("h")) });
    const found = async () => (await owner.get(`/search?q=Question&${at}`)).body.data.length;
    expect(await found()).toBe(4);
    for (const id of ["a", "h"]) await owner.post(`/sessions/${id}/archive?${at}`);
    await owner.call("PATCH", `/sessions/h?${at}`, { body: { hold: "case 1" } });
    const held = bodyOf(session("h", { from: 7 }));
    for (const how of ["replace", "merge"])
      await owner.post(`/import?on_conflict=${how}&${at}`, { body: held });
    await owner.call("PATCH", `/admin/accounts/${account}`, { body: { quotas: { sessions: 1 } } });
    const beyond = bodyOf(session("a", { from: 7 }), session("b"), session("c"));
    for (const how of ["replace", "merge"]) {
      const { body } = await owner.post(`/import?on_conflict=${how}&${at}`, { body: beyond });
      expect(body.code).toBe("quota_sessions");
    }
    expect((await owner.get(`/sessions/a?${at}`)).body).toMatchObject({
      status: "archived",
      turns: 2,
    });
    expect(await found()).toBe(4);
  });

  it("does not come back once it is erased", async () => {
    const client = await there();
    await client.call("DELETE", "/sessions/a");
    const { body } = await send(client, bodyOf(session("a")), "on_conflict=replace");
    expect(body).toMatchObject({ skipped: { erased: 1 }, created: 0 });
    expect((await client.get("/sessions/a")).status).not.toBe(200);
  });
});

describe("an import in pieces", () => {
  const names = ["a", "b", "c", "d"];
  const all = names.flatMap((name) => session(name));
  const piece = (from: number, to: number) => `${all.slice(from - 1, to).join("\n")}\n`;

  it("goes on where it ended, with no double and no gap", async () => {
    const client = new Client();
    const query = "mode=skip_bad&import_id=i1";
    const first = await send(client, piece(1, 6), `${query}&more=true&position=here`);
    expect(first.body).toMatchObject({
      status: "running",
      checkpoint: { line: 6, position: "here" },
      created: 2,
    });
    // The reply was lost: the same again, and all of it from the beginning.
    expect((await send(client, piece(1, 6), `${query}&more=true`)).body).toMatchObject({
      created: 2,
      lines: 6,
    });
    const { body } = await send(client, piece(1, 12), query);
    expect(body).toMatchObject({
      status: "complete",
      created: 4,
      lines: 12,
      sessions: 4,
      turns: 8,
    });
    const whole = new Client();
    const once = await send(whole, bodyOf(...names.map((name) => session(name))));
    expect(body.reconciliation).toEqual(once.body.reconciliation);
    expect(await exported(client)).toBe(await exported(whole));
  });

  it("knows an export's end, wherever it goes on", async () => {
    const client = new Client();
    const whole = `${bodyOf(session("a"), session("b"))}{"type":"end","sessions":2,"turns":4}\n`;
    const query = "mode=skip_bad&import_id=i1";
    await send(client, piece(1, 3), `${query}&more=true`);
    const { body } = await send(client, whole, query);
    expect(body).toMatchObject({ status: "complete", created: 2, problem_count: 0 });
    const twice = await send(new Client(), whole + whole.replaceAll(/"([ab])"/g, '"$1$1"'));
    expect(twice.body).toMatchObject({ created: 4, problem_count: 0 });
  });

  it("is not undone by a second one who comes too late", async () => {
    const client = new Client();
    const query = "mode=skip_bad&import_id=i1";
    await Promise.all([send(client, piece(1, 12), query), send(client, piece(1, 12), query)]);
    const complete = { status: "complete", created: 4 };
    expect((await client.get("/imports/i1")).body).toMatchObject(complete);
    expect((await send(client, piece(1, 12), query)).body).toMatchObject(complete);
    const more = await send(client, bodyOf(session("e")), `${query}&from_line=13`);
    expect([more.status, more.body.code]).toEqual([409, "import_mismatch"]);
    expect((await client.get("/imports/i1")).body).toMatchObject(complete);
  });

  it("takes only what comes next", async () => {
    const client = new Client();
    const query = "mode=skip_bad&import_id=i1";
    await send(client, piece(1, 3), `${query}&more=true`);
    const gap = await send(client, piece(7, 9), `${query}&from_line=7`);
    expect([gap.status, gap.body.code]).toEqual([409, "import_mismatch"]);
    expect(gap.body.detail).toContain("line 3");
    const next = await send(client, piece(4, 12), `${query}&from_line=4`);
    expect(next.body).toMatchObject({ created: 4, lines: 12 });
    const other = await send(client, piece(1, 3), `${query}&on_conflict=merge`);
    expect([other.status, other.body.code]).toEqual([409, "import_mismatch"]);
    const atomic = await send(client, piece(1, 3), "from_line=2");
    expect([atomic.status, atomic.body.param]).toEqual([422, "from_line"]);
  });
});

describe("an import that is undone", () => {
  it("takes with it what it brought, wherever that is by then, and nothing else", async () => {
    const client = new Client();
    await client.ask("My name is Ann", { session_id: "own" }, { at: AT });
    const before = await exported(client);
    await send(client, bodyOf(session("a"), session("b")), "import_id=i1");
    await client.post("/sessions/a/archive");
    await client.post("/sessions/b/archive");
    await client.post("/archives/b/restore");
    const { body } = await undo(client, "i1");
    expect(body).toEqual({
      object: "import.undone",
      import_id: "i1",
      complete: true,
      sessions: 2,
      turns: 4,
      trimmed: 0,
      kept: [],
    });
    expect(await exported(client)).toBe(before);
    expect((await client.get("/search?q=Question")).body.data).toEqual([]);
    expect((await client.get("/archives")).body.data).toEqual([]);
    expect((await client.get("/imports/i1")).status).toBe(404);
    expect((await undo(client, "i1")).body.code).toBe("import_not_found");
    const again = await send(client, bodyOf(session("a"), session("b")), "import_id=i1");
    expect(again.body).toMatchObject({ created: 2 });
  });

  it("undoes a bounded number of turns in a step, of live and archived sessions", async () => {
    const client = new Client();
    const many = ["a", "b", "c", "d"].map((id) => session(id, { turns: 300 }));
    await send(client, bodyOf(...many), "import_id=i1");
    await client.post("/sessions/b/archive");
    const steps: number[] = [];
    let undone: UndoProgress = NOTHING_UNDONE;
    while (undone.cursor !== null) {
      const { transfer } = accountRpc(client.object);
      const next = unwrap(await transfer.undoImport(null, "i1", undone, NOW));
      steps.push(next.turns - undone.turns);
      undone = next;
    }
    expect(steps).toEqual([900, 300, 0]);
    expect(undone).toMatchObject({ sessions: 4, turns: 1_200 });
    expect((await client.get("/archives")).body.data).toEqual([]);
  });

  it("undoes a bounded number of bytes in a step, of archived sessions too", async () => {
    const client = new Client();
    const ids = ["a", "b", "c"];
    const { body } = await send(
      client,
      bodyOf(...ids.map(longSession)),
      "import_id=i1&mode=skip_bad",
    );
    expect(body).toMatchObject({ created: 3 });
    for (const id of ids) await client.post(`/sessions/${id}/archive`);
    const steps: number[] = [];
    let undone: UndoProgress = NOTHING_UNDONE;
    while (undone.cursor !== null || steps.length === 0) {
      const { transfer } = accountRpc(client.object);
      const next = unwrap(await transfer.undoImport(null, "i1", undone, NOW));
      steps.push(next.turns - undone.turns);
      undone = next;
    }
    expect(steps).toEqual([3, 3, 3, 0]);
    expect(undone).toMatchObject({ sessions: 3, kept: [] });
  });

  it("leaves the turns of those who went on, and of other imports", async () => {
    const client = new Client();
    await send(client, bodyOf(session("a")), "import_id=i1");
    await client.ask("My name is Ann", { session_id: "a" }, { at: NOW });
    await client.ask("My name is Bob", { session_id: "b" }, { at: AT });
    await send(client, bodyOf(session("b", { from: 5 })), "import_id=i2&on_conflict=merge");
    await send(client, bodyOf(session("a", { from: 1 })), "import_id=i3&on_conflict=merge");
    expect(await inputsOf(client, "a")).toHaveLength(4);
    const { body: first } = await undo(client, "i1");
    expect(first).toMatchObject({ sessions: 0, turns: 2, trimmed: 1, complete: true });
    expect(await inputsOf(client, "a")).toEqual(["My name is Ann", "Question 2 of a"]);
    expect((await client.get("/search?q=Question")).body.data).toHaveLength(3);
    await undo(client, "i3");
    expect(await inputsOf(client, "a")).toEqual(["My name is Ann"]);
    await undo(client, "i2");
    expect(await inputsOf(client, "b")).toEqual(["My name is Bob"]);
  });

  it("leaves every other call its id, live, archived, exported and brought elsewhere", async () => {
    const client = new Client();
    await send(client, bodyOf(session("a", { turns: 3 })), "import_id=i1");
    const key = { "idempotency-key": "k1" };
    const asked = await client.ask(
      "My name is Ann",
      { session_id: "a" },
      { headers: key, at: NOW },
    );
    await client.get("/search?q=Ann");
    await undo(client, "i1");
    const replay = await client.ask(
      "My name is Ann",
      { session_id: "a" },
      { headers: key, at: NOW },
    );
    expect(replay.body).toEqual(asked.body);
    const turns = async () => (await client.get("/sessions/a/turns")).body.data;
    expect(await turns()).toMatchObject([{ call_id: asked.body.call_id }]);
    expect((await client.get("/sessions/a")).body.turns).toBe(1);
    await send(client, bodyOf(session("a", { turns: 2 })), "on_conflict=merge&import_id=i2");
    expect(await turns()).toMatchObject([
      { call_id: asked.body.call_id },
      { input: "Question 0 of a" },
      { input: "Question 1 of a" },
    ]);
    await undo(client, "i2");
    expect(await turns()).toMatchObject([{ call_id: asked.body.call_id }]);
    const next = await client.ask("What is my name?", { session_id: "a" }, { at: NOW });
    expect(next.body.response).toContain("Ann");
    expect((await client.get("/sessions/a")).body.turns).toBe(2);
    const before = await exported(client);
    await client.post("/sessions/a/archive", { at: NOW });
    expect(await exported(client)).toBe(before);
    await client.post("/archives/a/restore", { at: NOW });
    expect((await client.get("/sessions/a")).body.turns).toBe(2);
    const copy = new Client();
    expect((await send(copy, before)).body).toMatchObject({ created: 1, turns: 2 });
    expect(await exported(copy)).toBe(before);
    expect((await copy.get("/sessions/a")).body.turns).toBe(2);
    expect((await client.get("/storage-stats")).body).toMatchObject({ total_messages: 4 });
  });

  it.each([["i1 i2"], ["i2 i1"]])(
    "is nothing any more once all that brought it are, in the order %s",
    async (order) => {
      const client = new Client();
      await send(client, bodyOf(session("a")), "import_id=i1");
      await send(client, bodyOf(session("a", { from: 1 })), "import_id=i2&on_conflict=merge");
      for (const id of order.split(" ")) expect((await undo(client, id)).body.complete).toBe(true);
      expect((await client.get("/sessions")).body.data).toEqual([]);
    },
  );

  it("leaves the session to the import that made it, without turns", async () => {
    const client = new Client();
    const empty = session("a", { turns: 0, more: { facts: ["Likes tea"], created_at: iso(AT) } });
    await send(client, bodyOf(empty), "import_id=i1");
    await send(client, bodyOf(session("a")), "import_id=i2&on_conflict=merge");
    await undo(client, "i2");
    expect((await client.get("/sessions/a")).body).toMatchObject({
      turns: 0,
      facts: ["Likes tea"],
    });
    await undo(client, "i1");
    expect((await client.get("/sessions/a")).status).toBe(404);
  });

  it("keeps what is held, and takes it once it is not", async () => {
    const client = new Client();
    await send(client, bodyOf(session("a"), session("b")), "import_id=i1");
    await client.call("PATCH", "/sessions/a", { body: { hold: "case 1" } });
    expect((await undo(client, "i1")).body).toMatchObject({
      complete: false,
      sessions: 1,
      kept: [{ session_id: "a", code: "held" }],
    });
    const more = await send(client, bodyOf(session("c")), "import_id=i1");
    expect(more.body.code).toBe("import_mismatch");
    await client.call("PATCH", "/sessions/a", { body: { hold: null } });
    expect((await undo(client, "i1")).body).toMatchObject({ complete: true, sessions: 1 });
    expect((await client.get("/sessions")).body.data).toEqual([]);
  });
});

describe("an export", () => {
  it("stops when a session was rewritten while it was exported", async () => {
    const client = new Client();
    const long = session("a", { turns: 40 }).map((line) =>
      line.replace("Question", `Question ${"x".repeat(30_000)}`),
    );
    await send(client, bodyOf(long));
    const read = (cursor: ExportCursor) =>
      accountRpc(client.object).transfer.exportAll(null, {}, cursor, NOW);
    const first = await read(EXPORT_START);
    if (!first.ok || !first.value.cursor) throw new Error("the first page is the last");
    const { cursor } = first.value;
    expect(await read(cursor)).toMatchObject({ ok: true });
    await send(client, bodyOf(session("a", { turns: 1, from: -5 })), "on_conflict=merge");
    expect(await read(cursor)).toMatchObject({ ok: true });
    await send(client, bodyOf(session("a", { turns: 40, from: -5 })), "on_conflict=replace");
    expect(await read(cursor)).toMatchObject({ ok: false, error: { code: "session_busy" } });
  });

  it("is, once it is erased and imported, the same byte for byte", async () => {
    const client = new Client();
    const more = { session_id: "s", user_id: "ann", metadata: { b: "2", a: "1" } };
    await client.ask("My name is Ann", more, { at: AT });
    await client.ask("What is my name?", more, { at: AT + 1_000 });
    await client.ask("x", { session_id: "archived", assistant: "customer" }, { at: AT });
    await client.call("PUT", "/sessions/s/state", {
      headers: { "if-match": "*" },
      body: { n: [1] },
    });
    await client.call("PATCH", "/sessions/s", { body: { pinned: true, facts: ["Likes tea"] } });
    await client.ask("And now?", { session_id: "s" }, { at: AT + 2_000 });
    await client.post("/sessions/archived/archive");
    await client.post("/calls", {
      body: { call_id: "ext-1", model: "gpt-5", request: { messages: [] }, response: "Hi" },
    });
    await send(client, bodyOf(session("imported")));
    const before = await exported(client);
    expect(before.split("\n").length).toBeGreaterThan(10);
    const erased = await root.call("DELETE", `/admin/accounts/${client.account}`);
    expect(erased.body).toMatchObject({ deleted: true, verified: true });
    expect(await exported(client)).toBe('{"type":"end","sessions":0,"turns":0}\n');
    const { body } = await send(client, before);
    expect(body).toMatchObject({ problem_count: 0, skipped: { bad: 0 } });
    expect(body.reconciliation.differing).toEqual([]);
    expect(await exported(client)).toBe(before);
  });

  it("is of a user, of an assistant, or of a time", async () => {
    const client = new Client();
    await client.ask("x", { session_id: "a", user_id: "ann" }, { at: AT });
    await client.ask("x", { session_id: "b", assistant: "customer" }, { at: AT + DAY });
    await client.ask("x", { session_id: "c" }, { at: AT + 2 * DAY });
    const idsOf = async (query: string) =>
      (await exported(client, query))
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line))
        .filter(({ type }) => type === "session")
        .map(({ session_id }) => session_id);
    expect(await idsOf("user_id=ann")).toEqual(["a"]);
    expect(await idsOf("assistant=customer")).toEqual(["b"]);
    expect(await idsOf("assistant=default")).toEqual(["a", "c"]);
    expect(await idsOf(`since=${iso(AT + DAY)}`)).toEqual(["b", "c"]);
    expect(await idsOf(`since=${iso(AT)}&until=${iso(AT + 2 * DAY)}`)).toEqual(["a", "b"]);
    const response = await client.fetch("GET", "/export?user_id=ann");
    expect(response.headers.get("x-export-sessions")).toBe("1");
    expect((await response.text()).trimEnd().split("\n").at(-1)).toBe(
      '{"type":"end","sessions":1,"turns":1}',
    );
  });
});
