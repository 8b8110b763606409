import * as fc from "fast-check";
import { describe, expect, inject, it } from "vitest";

import type { Outcome } from "../../../src/account/conversation/turn-contract.ts";
import { MAX_DURATION_MS, MAX_TOKENS } from "../../../src/shared/stored-bounds.ts";
import { MAX_TIME_MS, isoTime } from "../../../src/shared/time.ts";
import { accountRpc } from "../../../src/account/account-client.ts";
import { Client } from "../../support/client.ts";

/**
 * Whatever a write door accepts survives archive and restore, backup and restore, export and import, to the byte. More
 * of it: `CASES=2500 SEED=7 npx vitest run --project worker test/account/archive/write-doors.test.ts`.
 */
const { seed, cases } = inject("wire");
const WRITES = cases * 10;
/** Of one account. */
const ROUND = 1_000;
const SESSIONS = 12;

const number = (...edges: number[]) =>
  fc.oneof(
    fc.constantFrom(
      0,
      -0,
      1,
      -1,
      0.5,
      1e300,
      2 ** 53,
      -(2 ** 53),
      ...edges,
      ...edges.map((each) => each + 1),
    ),
    fc.nat(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  );
const text = fc.oneof(
  fc.constantFrom(
    "",
    "\u0000",
    "\u0001",
    "\u0001[",
    "\ud800",
    "a\udc00",
    "\u2028",
    "😀",
    '"\\',
    "x".repeat(300),
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
);
const name = fc.oneof(
  fc.constantFrom("p", "n".repeat(256), "n".repeat(257), "n".repeat(600)),
  text,
);
const time = fc.oneof(
  fc.constantFrom(
    "1970-01-01T00:00:00Z",
    "1969-12-31T23:59:59.999Z",
    "9999-12-31T23:59:59.999Z",
    "+010000-01-01T00:00:00Z",
    "+100000-01-01T00:00:00Z",
    "2026-02-28T23:59:60Z",
    "2026-10-25T02:30:00+14:00",
    "0000-01-01T00:00:00Z",
  ),
  fc.integer({ min: 0, max: MAX_TIME_MS - 1 }).map(isoTime),
);
/** Doors that refuse are mostly sent what they take, to the bound. */
const mostly = <T>(good: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 40, arbitrary: good }, { weight: 1, arbitrary: odd });
const whole = (max: number) =>
  mostly(fc.oneof(fc.constantFrom(0, 1, max - 1, max), fc.integer({ min: 0, max })), number(max));
const words = mostly(
  text.map((each) => each.toWellFormed()),
  text,
);
const short = mostly(
  name.map((each) => each.toWellFormed().slice(0, 256) || "n"),
  name,
);
const moment = mostly(fc.integer({ min: 0, max: MAX_TIME_MS - 1 }).map(isoTime), time);
const document = fc.dictionary(
  text,
  fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(null)),
  { maxKeys: 3 },
);
const session = fc.integer({ min: 1, max: SESSIONS }).map((n) => `s${n}`);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 3 });
const tokens = number(MAX_TOKENS);
const usage = fc.record(
  { prompt_tokens: tokens, completion_tokens: tokens, input_tokens: tokens },
  { requiredKeys: [] },
);
const request = fc.record({
  model: name,
  messages: fc.array(fc.record({ role: fc.constantFrom("user", "system"), content: text }), {
    maxLength: 3,
  }),
});
const response = fc.record({
  model: name,
  choices: fc.array(
    fc.record({ message: fc.record({ role: fc.constant("assistant"), content: text }) }),
    { maxLength: 2 },
  ),
  usage,
});
const policyEvent = fc.record(
  {
    id: short,
    policy_class: short,
    policy_config: document,
    event_type: fc.constantFrom("allowed", "blocked", "modified"),
    sequence: whole(1),
    original: words,
    modified: words,
    metadata: document,
    created_at: moment,
  },
  { requiredKeys: ["policy_class", "event_type"] },
);
const call = fc.record(
  {
    session_id: session,
    provider: short,
    model: short,
    request,
    response,
    status: fc.constantFrom("completed", "failed"),
    error: fc.record({ code: short, message: words }),
    metadata: document,
    created_at: moment,
    duration_ms: whole(MAX_DURATION_MS),
    input_tokens: whole(MAX_TOKENS),
    output_tokens: whole(MAX_TOKENS),
    policy_events: fc.array(policyEvent, { maxLength: 2 }),
  },
  { requiredKeys: ["request", "status"] },
);
const seconds = number(MAX_TIME_MS / 1_000, 1.7e9, 1.7e12);
const payload = fc.record(
  {
    id: fc.uuid(),
    status: fc.constantFrom("success", "failure"),
    startTime: seconds,
    endTime: seconds,
    model: name,
    custom_llm_provider: name,
    prompt_tokens: tokens,
    completion_tokens: tokens,
    messages: fc.array(fc.record({ role: fc.constant("user"), content: text })),
    response,
    error_str: text,
    error_information: fc.record({ error_code: name, error_message: text }),
    metadata: session.map((session_id) => ({ session_id })),
    guardrail_information: fc.array(
      fc.record({
        guardrail_name: name,
        guardrail_status: name,
        start_time: seconds,
        guardrail_response: document,
      }),
    ),
  },
  { requiredKeys: ["id"] },
);
const oldRow = fc.record({
  table: fc.constant("conversation_calls"),
  call_id: fc.uuid(),
  provider: short,
  model_name: short,
  status: short,
  created_at: moment,
  completed_at: moment,
});
const turnLine = fc.record(
  {
    type: fc.constant("turn"),
    status: fc.constantFrom("completed", "failed", "interrupted", "abandoned"),
    created_at: moment,
    duration_ms: whole(MAX_DURATION_MS),
    model: short,
    input_tokens: whole(MAX_TOKENS),
    output_tokens: whole(MAX_TOKENS),
    shown: whole(2 ** 20),
    input: words,
    output: fc.oneof(
      text,
      fc.array(
        fc.record({ type: fc.constant("message"), role: fc.constant("assistant"), content: words }),
      ),
    ),
    extra: fc.record(
      {
        error: fc.record({ code: short, message: words }),
        state_version: whole(2 ** 40),
        call: fc.record({
          request: document.map((each) => JSON.stringify(each)),
          metadata: mostly(fc.json(), text),
        }),
        response: fc.record(
          { cached_tokens: whole(MAX_TOKENS), reasoning_tokens: whole(MAX_TOKENS) },
          { requiredKeys: [] },
        ),
        policy: fc.record({
          outcome: fc.constantFrom("allowed", "blocked"),
          events: fc.array(
            fc.record({
              policy_class: short,
              policy_config: mostly(fc.json(), text),
              event_type: short,
              sequence: whole(1),
              created_at: whole(MAX_TIME_MS - 1),
            }),
            { maxLength: 1 },
          ),
        }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ["type", "input"] },
);
const outcome = fc.record({
  status: fc.constantFrom("completed", "failed", "interrupted"),
  output: fc.oneof(text, fc.constant(null)),
  model: name,
  duration_ms: number(MAX_DURATION_MS),
  input_tokens: tokens,
  output_tokens: tokens,
  error: maybe(fc.record({ code: name, message: text })),
  response: maybe(fc.record({ cached_tokens: tokens, reasoning_tokens: tokens })),
}) as fc.Arbitrary<Outcome>;

const samples = <T>(arbitrary: fc.Arbitrary<T>, numRuns: number, shift: number): T[] =>
  fc.sample(arbitrary, { numRuns, seed: seed * 1_000 + shift });
/** RPC takes no objects without a prototype. */
const plain = <T>(sample: T): T => JSON.parse(JSON.stringify(sample)) as T;
const lines = (values: unknown[]) => values.map((value) => JSON.stringify(value)).join("\n");

/** Each door gets its share, most through those that take many at once. @returns how many were accepted */
async function write(client: Client, round: number): Promise<Record<string, number>> {
  const share = Math.ceil(Math.min(WRITES, ROUND) / 4);
  const batch = await client.post("/calls/batch", {
    body: lines(samples(call, share, round * 10 + 1)),
  });
  const lite = await client.post("/ingest/litellm", {
    body: lines(samples(payload, share, round * 10 + 2)),
  });
  const old = await client.post("/migrations/calls", {
    body: lines(samples(oldRow, share, round * 10 + 3)),
  });
  const imported = samples(turnLine, share, round * 10 + 4).map((turn, n) =>
    lines([{ type: "session", format: 7, session_id: `import-${n}`, turns: 1 }, turn]),
  );
  const brought = await client.post("/import?mode=skip_bad", { body: imported.join("\n") });
  let settled = 0;
  for (const [n, each] of samples(outcome, Math.ceil(share / 10), round * 10 + 5).entries()) {
    const begun = await accountRpc(client.object).turns.begin(
      null,
      {
        session_id: `s${(n % SESSIONS) + 1}`,
        new_session_id: "n",
        input: `Ask ${n}`,
        models: ["local"],
        on_busy: "queue",
      },
      Date.now(),
    );
    if (!begun.ok || begun.value.kind !== "begun") throw new Error("a turn did not begin");
    const done = await accountRpc(client.object).turns.settle(
      begun.value.turn,
      plain(each),
      Date.now(),
    );
    if (!done.ok) throw new Error(`a provider's answer was refused: ${done.error.message}`);
    settled += 1;
  }
  const answers = { batch, lite, old, brought };
  // Some answer 422 where a line was refused: the others are written all the same.
  for (const [door, { body }] of Object.entries(answers))
    if (body.created === undefined)
      throw new Error(`${door}: ${JSON.stringify(body).slice(0, 500)}`);
  return {
    batch: batch.body.created,
    lite: lite.body.created,
    old: old.body.created,
    imported: brought.body.created,
    settled,
  };
}

/** All that the account exports; when a session was last accessed changes with its restore. */
async function exported(client: Client): Promise<string[]> {
  const reply = await client.fetch("GET", "/export");
  const all = Buffer.from(await reply.arrayBuffer()).toString();
  return all
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.replace(/"accessed_at":"[^"]*",/, ""));
}

/** The first line that differs, from shortly before where it does. */
function difference(before: string[], after: string[]): string[] | null {
  const at = before.findIndex((line, n) => line !== after[n]);
  if (at < 0) return before.length === after.length ? null : [`${after.length} lines`];
  const [one = "", other = ""] = [before[at], after[at]];
  let place = 0;
  while (one[place] === other[place]) place += 1;
  return [one, other].map((line) => line.slice(Math.max(0, place - 60), place + 120));
}

const ids = (all: string[]): string[] =>
  all.flatMap((line) => {
    const { type, session_id } = JSON.parse(line) as { type: string; session_id: string };
    return type === "session" && !session_id.startsWith("journal/") ? [session_id] : [];
  });

const value = <T>(
  result: { ok: true; value: T } | { ok: false; error: { message: string } },
): T => {
  if (result.ok) return result.value;
  throw new Error(result.error.message);
};

describe(`${WRITES} writes through every door, with the seed ${seed}`, () => {
  const rounds = Array.from({ length: Math.ceil(WRITES / ROUND) }, (_none, round) => round);
  it.each(rounds)(
    "are what they were after archive, backup and export (%i)",
    async (round) => {
      const client = new Client();
      const accepted = await write(client, round);
      console.log(
        JSON.stringify({ seed, accepted, all: Object.values(accepted).reduce((a, b) => a + b, 0) }),
      );
      for (const count of Object.values(accepted)) expect(count).toBeGreaterThan(0);
      const before = await exported(client);
      expect(before.at(-1)).toMatch(/^\{"type":"end"/);

      const other = new Client();
      const imported = await other.post("/import", { body: before.join("\n") });
      expect(imported.body).toMatchObject({ status: "complete", problem_count: 0 });
      expect(difference(before, await exported(other))).toBeNull();

      value(
        await accountRpc(client.object).backups.begin(
          null,
          { backup_id: "backup_1", session_ids: null, reason: "request" },
          Date.now(),
        ),
      );
      while (!value(await accountRpc(client.object).backups.step(null, "backup_1", Date.now())));
      const backup = await client.get("/backups/backup_1");
      expect(backup.body.skipped ?? []).toEqual([]);

      // A sweep far in the future archives everything that a clock can reach; the rest by name.
      for (let after: number | null = 0; after !== null;) {
        const batch = {
          now: MAX_TIME_MS,
          older_than_ms: 0,
          after,
          so_far: { deleted: 0, errors: 0, bytes: 0 },
        };
        const swept: { cursor: number | null; errors: number } = value(
          await accountRpc(client.object).archives.sweep(null, batch),
        );
        expect(swept.errors).toBe(0);
        after = swept.cursor;
      }
      expect(difference(before, await exported(client))).toBeNull();
      for (const id of ids(before)) {
        const restored = await client.fetch("POST", `/archives/${id}/restore`);
        await restored.arrayBuffer();
        if (restored.status !== 200) throw new Error(`${id} is not restored: ${restored.status}`);
      }
      expect(difference(before, await exported(client))).toBeNull();

      // Restored over what is there, the backup finds nothing to change.
      const options = { dry_run: false, session_ids: null, on_conflict: "fail" as const };
      for (;;) {
        const report = value(
          await accountRpc(client.object).backups.stepRestore(null, "backup_1", options),
        );
        if (!report.complete) continue;
        expect(report.conflicts).toEqual([]);
        break;
      }
    },
    1_200_000,
  );
});
