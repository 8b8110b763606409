import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { FORMAT } from "../../../src/account/archive/format/format.ts";
import { accountPrefixes } from "../../../src/account/archive/format/keys.ts";
import { accountRpc } from "../../../src/account/account-client.ts";
import { EXPORT_START } from "../../../src/account/archive/upkeep/export-cursor.ts";
import { settingsOf } from "../../../src/account/due-settings.ts";
import type { Batch } from "../../../src/account/imports/apply.ts";
import { Batcher } from "../../../src/account/imports/batcher.ts";
import { callDirectory, directoryOf } from "../../../src/directory/directory-client.ts";
import { unwrap } from "../../../src/shared/errors.ts";
import { Client, DAY } from "../../support/client.ts";

const AT = Date.parse("2026-06-01T10:00:00.000Z");
const NOW = AT + DAY;
const at = { at: NOW };
const iso = (ms: number) => new Date(ms).toISOString();
const KEY = 5;

interface Large {
  id?: string;
  /** Turns of each part. */
  parts?: number[];
  word?: string;
  key?: number | null;
  head?: object;
}

/** The lines of a session's parts, part by part. */
function large({
  id = "large",
  parts = [2, 2, 1],
  word = "zebra",
  key = KEY,
  head = {},
}: Large = {}) {
  const all = parts.reduce((sum, turns) => sum + turns, 0);
  let before = 0;
  return parts.map((turns, index) => {
    const line = {
      type: "session",
      format: FORMAT,
      session_id: id,
      ...(key !== null && { key }),
      created_at: iso(AT),
      accessed_at: iso(AT + all * 1_000),
      assistant: null,
      user_id: "ann",
      metadata: {},
      ...(index === 0 && { state: { n: 1 }, state_version: 2, ...head }),
      part: { number: index + 1, before, all },
      turns,
    };
    const said = Array.from({ length: turns }, (_, n) => ({
      type: "turn",
      ...(key !== null && { call_id: `call_${(key * 2 ** 20 + before + n + 1).toString(36)}` }),
      created_at: iso(AT + (before + n) * 1_000),
      status: "completed",
      duration_ms: 5,
      model: "local",
      input_tokens: 1,
      output_tokens: 2,
      input: `${word}${before + n}`,
      output: `heron${before + n}`,
      ...(n === 0 && { system: "You count birds." }),
    }));
    before += turns;
    return [line, ...said].map((each) => JSON.stringify(each));
  });
}
const bodyOf = (...parts: string[][]): string => `${parts.flat().join("\n")}\n`;
const send = (client: Client, body: string, query = "") =>
  client.post(`/import?mode=skip_bad&${query}`, { ...at, body });
const exported = async (client: Client): Promise<string> =>
  (await client.fetch("GET", "/export", at)).text();
const inputsOf = async (client: Client, id = "large"): Promise<string[]> => {
  const { body } = await client.get(`/sessions/${id}/turns?limit=100&order=asc`, at);
  return body.data.map(({ input }: { input: string }) => input);
};
const words = (count: number, word = "zebra") =>
  Array.from({ length: count }, (_, n) => `${word}${n}`);
/** SQLite is lost, R2 is not. */
async function loseStorage(client: Client): Promise<void> {
  await runInDurableObject(client.object, (_, { storage }) => storage.deleteAll());
  await evictDurableObject(client.object);
}
const expectFound = async (client: Client, word: string) => {
  const { body } = await client.get(`/search?q=${word}`, at);
  expect(body.data).toMatchObject([{ session_id: "large" }]);
};
const objectsOf = async ({ account }: Client): Promise<string[]> => {
  const lists = await Promise.all(
    accountPrefixes(account).map((prefix) => env.ARCHIVE.list({ prefix })),
  );
  return lists.flatMap(({ objects }) => objects.map(({ key }) => key));
};
const ends = (sessions: number, turns: number, skipped?: number) =>
  `${JSON.stringify({ type: "end", sessions, turns, skipped })}\n`;
const parsed = (lines: string) =>
  lines
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

/** Those of a session of one part, as a request has them. */
async function* wholeLines() {
  const [lines = []] = large({ parts: [3] });
  yield lines.map((text, index) => ({ number: index + 1, text }));
}

const skip = (session_id: string): string =>
  `${JSON.stringify({ type: "skipped", session_id, code: "archive_corrupt" })}\n`;

describe("a session in parts", () => {
  it("is not taken where the export could not go on with it, and is named", async () => {
    const skipped = { session_id: "large", code: "archive_corrupt" };
    const line = `${JSON.stringify({ type: "skipped", ...skipped })}\n`;
    const other = bodyOf(...large({ id: "other" }));
    for (const parts of [1, 2]) {
      const client = new Client();
      const came = large().slice(0, parts);
      const turns = came.flat().length - parts;
      const { body } = await send(client, bodyOf(...came) + line + other + ends(2, turns + 5, 1));
      expect(body).toMatchObject({
        status: "complete",
        sessions: 2,
        created: 1,
        skipped: { bad: 1 },
        problem_count: 0,
        not_exported_count: 1,
        not_exported: [skipped],
      });
      expect((await client.get("/sessions/large", at)).status).toBe(404);
      expect(await inputsOf(client, "other")).toEqual(words(5));
    }
  });

  it("is not taken where more sessions are named before it than a report names", async () => {
    const others = Array.from({ length: 150 }, (_, n) => skip(`other${n}`)).join("");
    const came = bodyOf(...large().slice(0, 2));
    const isWhole = { status: "complete", sessions: 1, created: 0, problem_count: 0 };
    const whole = { ...isWhole, skipped: { bad: 1 }, not_exported_count: 151 };
    const client = new Client();
    const { body } = await send(client, others + came + skip("large") + ends(1, 4, 151));
    expect(body).toMatchObject(whole);
    expect(body.not_exported).toHaveLength(100);
    const other = new Client();
    const query = "import_id=june&more=true";
    await send(other, others + came, query);
    const { body: more } = await send(other, skip("large"), `${query}&from_line=157`);
    expect(more).toMatchObject({ status: "running", skipped: { bad: 1 } });
    const { body: done } = await send(other, ends(1, 4, 151), "import_id=june&from_line=158");
    expect(done).toMatchObject(whole);
    await runDurableObjectAlarm(other.object);
    expect(await objectsOf(other)).toEqual([]);
  });

  it("is not taken where an export could not go on with it, but where a later one could", async () => {
    const client = new Client();
    const first = bodyOf(...large().slice(0, 2)) + skip("large") + ends(1, 4, 1);
    const { body } = await send(client, first + bodyOf(...large()) + ends(1, 5));
    expect(body).toMatchObject({ created: 1, problem_count: 0, not_exported_count: 1 });
    expect(await inputsOf(client)).toEqual(words(5));
  });

  it("is imported as one, which an export gives again as it came", async () => {
    const client = new Client();
    const body = bodyOf(...large()) + ends(1, 5);
    const { body: report } = await send(client, body);
    expect(report).toMatchObject({
      status: "complete",
      sessions: 1,
      turns: 5,
      created: 1,
      turns_written: 5,
      problem_count: 0,
      reconciliation: { sessions: 1, turns: 5, differing: [] },
    });
    expect(report.reconciliation.sent_sha256).toBe(report.reconciliation.stored_sha256);
    const { body: session } = await client.get("/sessions/large", at);
    expect(session).toMatchObject({ status: "archived", user_id: "ann" });
    expect(await inputsOf(client)).toEqual(words(5));
    const text = await exported(client);
    expect(parsed(text)).toMatchObject(parsed(body));

    const other = new Client();
    await send(other, text);
    expect(await exported(other)).toBe(text);
    const { body: again } = await send(other, text);
    expect(again).toMatchObject({ created: 0, unchanged: 1, turns_written: 0 });
    expect(await exported(other)).toBe(text);
    expect(await objectsOf(other)).toHaveLength(3);
  });

  it("is counted, found and gone on with like any other", async () => {
    const client = new Client();
    // The key of the imported session is another's here.
    await client.ask("First", { session_id: "first" }, at);
    const { body: first } = await client.get("/sessions/first/turns", at);
    const taken = Math.floor(Number.parseInt(first.data[0].call_id.slice(5), 36) / 2 ** 20);
    await send(client, bodyOf(...large({ key: taken })));
    const { body: found } = await client.get("/search?q=zebra4", at);
    expect(found.data).toMatchObject([{ session_id: "large", status: "archived", role: "user" }]);
    const turnsOfDay = async () => {
      const { body } = await client.get("/analytics?from=2026-06-01&to=2026-06-01", at);
      return body.data[0].completed;
    };
    expect(await turnsOfDay()).toBe(5);
    const asked = await client.ask("And now?", { session_id: "large", user_id: "ann" }, at);
    expect(asked.status).toBe(200);
    expect(await inputsOf(client)).toEqual([...words(5), "And now?"]);
    expect(await turnsOfDay()).toBe(5);
    expect((await client.get("/sessions/large/state", at)).body).toEqual({ n: 1 });
  });

  it("comes over several requests, and what came twice is taken once", async () => {
    const client = new Client();
    const [first = [], second = [], third = []] = large();
    const query = "import_id=june&more=true";
    const { body: begun } = await send(client, bodyOf(first), query);
    expect(begun).toMatchObject({ status: "running", sessions: 1, created: 0 });
    expect(begun.checkpoint.line).toBe(3);
    expect((await client.get("/sessions/large", at)).status).toBe(404);
    // A clean-up between requests leaves what has come.
    await accountRpc(client.object).archives.maintain(NOW);
    await accountRpc(client.object).archives.reindex();
    expect(await objectsOf(client)).toHaveLength(1);
    const { body: more } = await send(client, bodyOf(first, second), query);
    expect(more.checkpoint.line).toBe(6);
    const last = "import_id=june&from_line=7";
    const { body: done } = await send(client, bodyOf(third), last);
    expect(done).toMatchObject({ status: "complete", created: 1, turns_written: 5, turns: 5 });
    expect(await inputsOf(client)).toEqual(words(5));
    expect(await objectsOf(client)).toHaveLength(3);
  });

  it("is found again after SQLite was lost, also where it came on several days", async () => {
    const client = new Client();
    const other = new Client();
    for (const [index, part] of large().entries()) {
      const query = `import_id=june&from_line=${index === 2 ? 7 : index * 3 + 1}&more=${index < 2}`;
      const sent = { at: NOW + index * DAY, body: bodyOf(part) };
      for (const each of [client, other]) await each.post(`/import?mode=skip_bad&${query}`, sent);
    }
    // The first part of the other comes once more, and writes the same object.
    const query = "import_id=july&more=true";
    await other.post(`/import?mode=skip_bad&${query}`, {
      at: NOW + 9 * DAY,
      body: bodyOf(large()[0] ?? []),
    });
    for (const each of [client, other]) {
      const before = await exported(each);
      await loseStorage(each);
      const found = unwrap(await accountRpc(each.object).archives.reindex());
      expect(found).toMatchObject({ sessions: 1, segments: 3, errors: [] });
      expect(await exported(each)).toBe(before);
    }
  });

  it("numbers turns that name no call", async () => {
    const client = new Client();
    const { body } = await send(client, bodyOf(...large({ key: null })));
    expect(body).toMatchObject({ created: 1, problem_count: 0 });
    expect(await inputsOf(client)).toEqual(words(5));
  });

  it("is not taken where a part is missing or wrong, and is counted once", async () => {
    const client = new Client();
    const [first = [], second = [], third = []] = large();
    const broken = [second[0] ?? "", '{"type":"turn","input":7}', second[2] ?? ""];
    const bad = { created: 0, skipped: expect.objectContaining({ bad: 1 }) };
    for (const body of [
      bodyOf(first, third),
      bodyOf(first, broken, third),
      bodyOf(first, second),
      bodyOf(third),
    ]) {
      const { body: report } = await send(client, body);
      expect(report).toMatchObject({ ...bad, status: "complete" });
      expect(report.problems).toHaveLength(report.problem_count);
      expect(report.problems[0].session_id).toBe("large");
    }
    expect((await client.get("/sessions/large", at)).status).toBe(404);
    const unknown = {
      fact_id: "fact_1",
      text: "x",
      seq: 9,
      created_at: iso(AT),
      updated_at: iso(AT),
    };
    const wrong = bodyOf(...large({ head: { user_facts: [unknown] } }));
    expect((await send(client, wrong)).body).toMatchObject(bad);
    const atomic = await client.post("/import", { ...at, body: bodyOf(first, second, third) });
    expect([atomic.status, atomic.body.code]).toEqual([413, "import_too_large"]);
    await client.call("DELETE", "/users/ann", at);
    expect(await objectsOf(client)).toEqual([]);
  });

  it("brings the facts of its user, whichever part their turn is in", async () => {
    const client = new Client();
    const fact = { fact_id: "fact_7", text: "Likes tea.", seq: 4 };
    const times = { created_at: iso(AT), updated_at: iso(AT) };
    await send(client, bodyOf(...large({ head: { user_facts: [{ ...fact, ...times }] } })));
    const { body } = await client.get("/users/ann/facts", at);
    expect(body.data).toMatchObject([{ text: "Likes tea." }]);
    expect(await exported(client)).toContain("Likes tea.");
    const factId = body.data[0].fact_id;
    expect((await client.call("DELETE", `/users/ann/facts/${factId}`, at)).status).toBeLessThan(
      300,
    );
    expect(await exported(client)).not.toContain("Likes tea.");
    // Nor has any archive what was deleted.
    const objects = await objectsOf(client);
    expect(objects).toHaveLength(3);
    const { body: archive } = await client.get("/archives/large", at);
    expect(JSON.stringify(archive)).not.toContain("Likes tea.");
    await loseStorage(client);
    unwrap(await accountRpc(client.object).archives.reindex());
    expect(await inputsOf(client)).toEqual(words(5));
    expect(await exported(client)).not.toContain("Likes tea.");
  });

  it("is left out, replaced or merged where another is there", async () => {
    const client = new Client();
    await send(client, bodyOf(...large({ parts: [2, 1] })));
    const longer = bodyOf(...large());
    expect((await send(client, longer, "dry_run=true")).body.skipped.exists).toBe(1);
    expect((await send(client, longer)).body.skipped.exists).toBe(1);
    expect((await send(client, longer, "on_conflict=fail")).body.code).toBe("import_conflict");
    const { body: merged } = await send(client, longer, "on_conflict=merge&import_id=merge");
    expect(merged).toMatchObject({ merged: 1, turns_written: 2 });
    expect(await inputsOf(client)).toEqual(words(5));
    const { body: again } = await send(client, longer, "on_conflict=merge");
    expect(again).toMatchObject({ merged: 0, unchanged: 1, turns_written: 0 });
    const { body: undone } = await client.call("DELETE", "/imports/merge", at);
    expect(undone).toMatchObject({ complete: true, trimmed: 1, turns: 2 });
    expect(await inputsOf(client)).toEqual(words(3));

    const other = bodyOf(...large({ word: "gnu" }));
    const { body: replaced } = await send(client, other, "on_conflict=replace");
    expect(replaced).toMatchObject({ replaced: 1, turns_written: 5 });
    expect(await inputsOf(client)).toEqual(words(5, "gnu"));
    expect((await client.get("/search?q=zebra1", at)).body.data).toEqual([]);
  });

  it("is merged with each of its turns, also where two in different parts are equal", async () => {
    const client = new Client();
    await send(client, bodyOf(...large({ parts: [1, 1] })));
    const longer = large();
    // The last turn says what the third says.
    const again = { ...JSON.parse(longer[1]?.[1] ?? ""), call_id: undefined };
    delete again.system;
    const last = longer[2] as string[];
    last[1] = JSON.stringify({
      ...JSON.parse(last[1] ?? ""),
      ...again,
      call_id: JSON.parse(last[1] ?? "").call_id,
    });
    const { body } = await send(client, bodyOf(...longer), "on_conflict=merge");
    expect(body).toMatchObject({ merged: 1, turns_written: 3 });
    expect(await inputsOf(client)).toEqual([...words(4), "zebra2"]);
    const { body: twice } = await send(client, bodyOf(...longer), "on_conflict=merge");
    expect(twice).toMatchObject({ merged: 0, turns_written: 0 });
  });

  it("does not bring back a turn that is erased while its parts wait", async () => {
    const client = new Client();
    const [first = [], second = [], third = []] = large();
    await send(client, bodyOf(first, second, third));
    const query = "on_conflict=replace&import_id=june";
    await send(client, bodyOf(first, second), `${query}&more=true`);
    const { body: turns } = await client.get("/sessions/large/turns?order=asc", at);
    const erased = await client.call("DELETE", `/calls/${turns.data[0].call_id}`, at);
    expect(erased.status).toBeLessThan(300);
    const { body } = await send(client, bodyOf(third), `${query}&from_line=7`);
    expect(body).toMatchObject({ replaced: 0, skipped: { bad: 1 } });
    expect(await exported(client)).not.toContain("zebra0");
    await send(client, bodyOf(first, second, third), "on_conflict=replace");
    expect(await exported(client)).not.toContain("zebra0");
  });

  it("has no words of a call that another session had, and that is erased meanwhile", async () => {
    const client = new Client();
    const [[head = "", turn = "", ...rest] = [], second = [], third = []] = large();
    const call = { extra: { call: { id: "gw-1" } } };
    const first = [head, JSON.stringify({ ...JSON.parse(turn), ...call }), ...rest];
    const request = { model: "gpt-5", messages: [{ role: "user", content: "zebra0" }] };
    const logged = { call_id: "gw-1", provider: "openai", request };
    expect((await client.post("/calls", { ...at, body: logged })).status).toBeLessThan(300);
    await send(client, bodyOf(first, second), "import_id=june&more=true");
    expect((await client.call("DELETE", "/calls/gw-1", at)).status).toBeLessThan(300);
    const { body } = await send(client, bodyOf(third), "import_id=june&from_line=7");
    expect(body).toMatchObject({ created: 0, skipped: { bad: 1 } });
    expect((await send(client, bodyOf(first, second, third))).body.created).toBe(1);
    expect(await exported(client)).not.toContain("zebra0");
    expect((await inputsOf(client)).slice(1)).toEqual(words(5).slice(1));
  });

  it("goes after 7 days without a request of its import, and not before", async () => {
    const client = new Client();
    const [first = [], second = []] = large();
    await send(client, bodyOf(first), "import_id=june&more=true");
    const later = { at: NOW + 5 * DAY, body: bodyOf(second) };
    await client.post("/import?mode=skip_bad&import_id=june&from_line=4&more=true", later);
    const maintained = async (now: number) => {
      unwrap(await accountRpc(client.object).archives.maintain(now));
      return (await objectsOf(client)).length;
    };
    expect(await maintained(NOW + 11 * DAY)).toBe(2);
    expect(await maintained(NOW + 13 * DAY)).toBe(0);
  });

  it("is told to the directory, so that a clean-up comes", async () => {
    const client = new Client();
    await client.ask("x", { session_id: "x" }, at);
    const isDue = async (now: number) => {
      await runInDurableObject(client.object, (instance) => instance.alarm());
      const due = await callDirectory(env, directoryOf(client.account), (directory) =>
        directory.due("maintain", { now, settings: settingsOf(env) }, { after: "", limit: 1_000 }),
      );
      return due.some(({ account_id }) => account_id === client.account);
    };
    expect(await isDue(NOW + 8 * DAY)).toBe(false);
    await send(client, bodyOf(large()[0] ?? []), "import_id=june&more=true");
    expect(await isDue(NOW + 8 * DAY)).toBe(true);
    expect(await isDue(NOW + 6 * DAY)).toBe(false);
  });

  it("stays where another session is erased", async () => {
    const client = new Client();
    await client.ask("x", { session_id: "other" }, at);
    const [first = [], second = [], third = []] = large();
    await send(client, bodyOf(first, second), "import_id=june&more=true");
    expect((await client.call("DELETE", "/sessions/other", at)).body.verified).toBe(true);
    expect(await objectsOf(client)).toHaveLength(2);
    const { body } = await send(client, bodyOf(third), "import_id=june&from_line=7");
    expect(body).toMatchObject({ created: 1, turns_written: 5 });
    await send(client, bodyOf(...large({ id: "next", key: 9 })), "import_id=july");
    const copy = bodyOf(large({ id: "next", key: 9, word: "gnu" })[0] ?? []);
    await send(client, copy, "import_id=may&on_conflict=replace&more=true");
    expect(await objectsOf(client)).toHaveLength(7);
    expect((await client.call("DELETE", "/sessions/next", at)).body.verified).toBe(true);
    expect(await objectsOf(client)).toHaveLength(3);
  });

  it("is refused by mode=atomic where a part comes alone, also with facts of other turns", async () => {
    const client = new Client();
    const [, , third = []] = large();
    for (const query of ["", "?dry_run=true"]) {
      const { status, body } = await client.post(`/import${query}`, { ...at, body: bodyOf(third) });
      expect([status, body.code]).toEqual([422, "import_rejected"]);
      expect(body.problems).toMatchObject([{ line: 1, code: "turns_differ" }]);
    }
    const times = { created_at: iso(AT), updated_at: iso(AT) };
    const user_facts = [{ fact_id: "fact_1", text: "x", seq: 9, ...times }];
    const only = bodyOf(...large({ parts: [2], head: { user_facts } }));
    expect((await send(client, only)).body).toMatchObject({ created: 0, skipped: { bad: 1 } });
  });

  it("is of no matter to a Worker of an older version, which knows no parts", async () => {
    const client = new Client();
    const rpc = accountRpc(client.object).transfer;
    const options = { mode: "skip_bad", on_conflict: "skip" } as const;
    unwrap(await rpc.openImport(null, "june", options, 1, NOW));
    const batches: Batch[] = [];
    for await (const batch of new Batcher(NOW, { length: 1_000, line: 0 }).batches(wholeLines())) {
      const { part_line: _, isLast: _last, ...older } = batch;
      batches.push(older as Batch);
    }
    const report = unwrap(await rpc.importBatches(null, { import_id: "june" }, batches, NOW));
    expect(report).toMatchObject({ created: 1, turns_written: 3, problem_count: 0 });

    const { end: _end, start: _start, part: _part, ...before } = EXPORT_START;
    const counts = { seq: 1, through: 3, all: 3, left: 2, sessions: 1, turns: 1 };
    const older = { ...before, ...counts, key: KEY, at: AT } as typeof EXPORT_START;
    const { bytes, cursor } = unwrap(await rpc.exportAll(null, {}, older, NOW));
    const [second, third, end] = parsed(new TextDecoder().decode(bytes));
    expect([second.input, third.input, end.turns, cursor]).toEqual(["zebra1", "zebra2", 3, null]);
  });

  it("is undone whole", async () => {
    const client = new Client();
    await send(client, bodyOf(...large()), "import_id=june");
    const { body } = await client.call("DELETE", "/imports/june", at);
    expect(body).toMatchObject({ complete: true, sessions: 1, turns: 5 });
    expect((await client.get("/sessions/large", at)).status).toBe(404);
    expect(await objectsOf(client)).toEqual([]);
    expect((await send(client, bodyOf(...large()))).body.created).toBe(1);
  });

  it("leaves nothing of an erased user in what has come of it", async () => {
    const client = new Client();
    const [first = [], second = [], third = []] = large();
    await send(client, bodyOf(first, second), "import_id=june&more=true");
    expect(await objectsOf(client)).toHaveLength(2);
    const { body: erased } = await client.call("DELETE", "/users/ann", at);
    expect(erased.verified).toBe(true);
    expect(erased.places).toContainEqual(
      expect.objectContaining({ place: "r2_archives", found: 2, left: 0 }),
    );
    expect(await objectsOf(client)).toEqual([]);
    const { body } = await send(client, bodyOf(third), "import_id=june&from_line=7");
    expect(body).toMatchObject({ created: 0, skipped: { bad: 1 } });
  });

  it("stays where another user is erased, also one with a like id", async () => {
    const client = new Client();
    const [first = [], second = [], third = []] = large();
    await send(client, bodyOf(first, second), "import_id=june&more=true");
    const [bobs = []] = large({ id: "bobs", word: "gnu", key: 6, head: { role: "client" } }).map(
      (part) => part.map((line) => line.replace('"ann"', '"bob"')),
    );
    await send(client, bodyOf(bobs), "import_id=july&more=true");
    expect(await objectsOf(client)).toHaveLength(3);
    expect((await client.call("DELETE", "/users/an", at)).body.verified).toBe(true);
    expect(await objectsOf(client)).toHaveLength(3);
    const { body: erased } = await client.call("DELETE", "/users/bob", at);
    expect(erased.places).toContainEqual(
      expect.objectContaining({ place: "r2_archives", found: 1, left: 0 }),
    );
    expect(await objectsOf(client)).toHaveLength(2);
    const { body } = await send(client, bodyOf(third), "import_id=june&from_line=7");
    expect(body).toMatchObject({ created: 1, skipped: { bad: 0 } });
    expect(await inputsOf(client)).toEqual(words(5));
  });

  it("stays where its user is erased in another role, and goes in its own", async () => {
    const client = new Client();
    const [first = [], second = [], third = []] = large({ head: { role: "doctor" } });
    const eraseAs = (role: string) =>
      accountRpc(client.object).erasure.eraseUser({ key: null, user_id: "ann", role }, "ann", NOW);
    await send(client, bodyOf(first, second), "import_id=june&more=true");
    expect(await eraseAs("patient")).toMatchObject({ ok: true, value: { verified: true } });
    expect(await objectsOf(client)).toHaveLength(2);
    const { body } = await send(client, bodyOf(third), "import_id=june&from_line=7");
    expect(body).toMatchObject({ created: 1, skipped: { bad: 0 } });
    const [other = []] = large({ id: "other", word: "gnu", key: 6, head: { role: "doctor" } });
    await send(client, bodyOf(other), "import_id=july&more=true");
    expect(await objectsOf(client)).toHaveLength(4);
    expect(await eraseAs("doctor")).toMatchObject({ ok: true, value: { verified: true } });
    expect(await objectsOf(client)).toEqual([]);
  });

  it("goes with any user where an older version has not noted whose it is", async () => {
    const client = new Client();
    const [first = [], second = [], third = []] = large();
    await send(client, bodyOf(first), "import_id=june&more=true");
    await runInDurableObject(client.object, (_, { storage }) =>
      storage.sql
        .exec(
          "update segments set backup_id = substr(backup_id, 1, instr(backup_id, char(10)) - 1) where backup_id like 'import:%'",
        )
        .toArray(),
    );
    // The import goes on, and one of the two parts tells whose they are.
    const { body } = await send(client, bodyOf(second), "import_id=june&from_line=4&more=true");
    expect(body).toMatchObject({ skipped: { bad: 0 } });
    await client.call("DELETE", "/users/bob", at);
    expect(await objectsOf(client)).toEqual([]);
    const { body: late } = await send(client, bodyOf(third), "import_id=june&from_line=7");
    expect(late).toMatchObject({ created: 0, skipped: { bad: 1 } });
  });

  it("gets another key where it takes the place of another user's, whose copy is erased", async () => {
    const client = new Client();
    await send(client, bodyOf(...large()));
    const { body: backup } = await client.post("/backups", { ...at, body: {} });
    const bobs = bodyOf(...large({ word: "gnu" })).replaceAll('"ann"', '"bob"');
    const { body } = await send(client, bobs, "on_conflict=replace");
    expect(body).toMatchObject({ replaced: 1, reconciliation: { differing: [] } });
    const { body: turns } = await client.get("/sessions/large/turns?order=asc", at);
    const ids = turns.data.map(({ call_id }: { call_id: string }) => call_id);
    expect(ids).not.toContain(`call_${(KEY * 2 ** 20 + 1).toString(36)}`);
    const { body: erased } = await client.call("DELETE", "/users/ann", at);
    expect(erased).toMatchObject({ sessions: 0, verified: true });
    expect(erased.places).toContainEqual(
      expect.objectContaining({ place: "r2_backups", state: "clean", left: 0 }),
    );
    const restored = await client.post(`/backups/${backup.backup_id}/restore`, {
      ...at,
      body: { on_conflict: "replace" },
    });
    expect(restored.body).toMatchObject({ complete: true, replaced: 0, restored: 0 });
    expect(await inputsOf(client)).toEqual(words(5, "gnu"));
    const { body: hits } = await client.get("/search?q=gnu3", at);
    expect(hits.data).toMatchObject([{ session_id: "large" }]);
    expect((await client.call("DELETE", "/users/bob", at)).body.verified).toBe(true);
    expect(await objectsOf(client)).toEqual([expect.stringContaining("manifest")]);
  });

  it.each([false, true])(
    "is found by its words where it replaces the same user's of another role, backed up: %s",
    async (isBackedUp) => {
      const client = new Client();
      await send(client, bodyOf(...large({ head: { role: "doctor" } })));
      if (isBackedUp) await client.post("/backups", { ...at, body: {} });
      const patients = bodyOf(...large({ word: "gnu", head: { role: "patient" } }));
      const { body } = await send(client, patients, "on_conflict=replace");
      expect(body).toMatchObject({ replaced: 1, reconciliation: { differing: [] } });
      await expectFound(client, "gnu3");
    },
  );

  it.each([
    ["begins", null],
    ["is named to another user", "null"],
  ])("comes again where a session with its id %s meanwhile", async (_, before) => {
    const client = new Client();
    if (before) await send(client, bodyOf(...large({ parts: [1] })).replaceAll('"ann"', before));
    const [first = [], second = [], third = []] = large({ word: "gnu" });
    const how = "on_conflict=replace&import_id=june";
    await send(client, bodyOf(first, second), `${how}&more=true`);
    await client.ask("Hello", { session_id: "large", user_id: before ? "bob" : "ann" }, at);
    const { body } = await send(client, bodyOf(third), `${how}&from_line=7`);
    expect(body).toMatchObject({ replaced: 0, skipped: { busy: 1 } });
    await send(client, bodyOf(first, second, third), "on_conflict=replace");
    expect(await inputsOf(client)).toEqual(words(5, "gnu"));
    await expectFound(client, "gnu3");
  });

  it("comes again where the session that it would replace expires meanwhile", async () => {
    const client = new Client();
    await send(client, bodyOf(...large()));
    const now = NOW + 95 * DAY;
    const bring = (body: string, query: string) =>
      client.post(`/import?mode=skip_bad&on_conflict=replace&${query}`, { at: now, body });
    const began = { created_at: iso(AT - DAY) };
    const [first = [], second = [], third = []] = large({ word: "gnu", head: began });
    await bring(bodyOf(first, second), "import_id=june&more=true");
    unwrap(await accountRpc(client.object).archives.maintain(now));
    expect((await client.get("/sessions/large", { at: now })).status).toBe(404);
    const { body } = await bring(bodyOf(third), "import_id=june&from_line=7");
    expect(body).toMatchObject({ created: 0, skipped: { busy: 1 } });
    const { body: again } = await bring(bodyOf(first, second, third), "");
    expect(again).toMatchObject({ created: 1, problem_count: 0 });
    const hits = await client.get("/search?q=gnu3", { at: now });
    expect(hits.body.data).toMatchObject([{ session_id: "large" }]);
  });
});
