import { describe, expect, it } from "vitest";

import { Client } from "../../support/client.ts";

const TIME = "2026-06-01T12:00:00.000Z";
const LATER = "2026-06-02T12:00:00.000Z";

/** Facts that no other call of it gives, all of one turn. */
const facts = (count: number, name: string, seq?: number) =>
  Array.from({ length: count }, (_, at) => ({
    fact_id: `fact_${name}${at}`,
    text: `${name} ${at}`,
    ...(seq !== undefined && { seq }),
    created_at: TIME,
    updated_at: TIME,
  }));
const turn = (input: string, created_at = TIME) => ({
  type: "turn",
  created_at,
  input,
  output: "Noted.",
});
interface Lines {
  session_id: string;
  user_facts: object[];
  user_id?: string;
  role?: string;
  turns?: object[];
}
/** A session of Ann with one turn. */
const lines = ({ turns = [turn("Hi")], user_id = "ann", ...session }: Lines): string =>
  [{ type: "session", format: 10, user_id, created_at: TIME, ...session }, ...turns]
    .map((line) => JSON.stringify(line))
    .join("\n");
const bring = async (client: Client, body: string, query = "") =>
  (await client.post(`/import?mode=skip_bad${query}`, { body })).body;
const textsOf = async (client: Client, user = "ann"): Promise<string[]> =>
  (await client.get(`/users/${user}/facts?limit=100`)).body.data.map(
    ({ text }: { text: string }) => text,
  );
const full = (session_id: string) => [{ session_id, code: "facts_full" }];

describe("a user's facts in an import", () => {
  it("stay within the bound of the API, over several sessions", async () => {
    const client = new Client();
    const body = [
      lines({ session_id: "a", user_facts: facts(60, "a", 1) }),
      lines({ session_id: "b", user_facts: facts(41, "b", 1) }),
      lines({ session_id: "c", user_facts: facts(40, "c", 1) }),
      lines({ session_id: "d", user_facts: facts(100, "d", 1), user_id: "bob" }),
    ].join("\n");
    const report = await bring(client, body);
    expect(report).toMatchObject({
      created: 3,
      skipped: { facts_full: 1 },
      not_taken: full("b"),
      reconciliation: { differing: [] },
    });
    expect(await textsOf(client)).toHaveLength(100);
    expect((await client.get("/sessions/b")).status).toBe(404);
    // With room, the same import takes the rest.
    await client.call("DELETE", "/sessions/a");
    expect(await bring(client, body)).toMatchObject({ created: 1, unchanged: 2 });
    expect(await textsOf(client)).toHaveLength(81);
  });

  it("are counted with the facts that clients wrote, also in a dry run", async () => {
    const client = new Client();
    await client.post("/users/ann/facts", { body: { text: "Likes tea" } });
    const block = lines({ session_id: "facts/x", user_facts: facts(100, "x"), turns: [] });
    const trial = await client.post("/import?dry_run=true", { body: block });
    expect(trial.body).toMatchObject({ created: 0, not_taken: full("facts/x") });
    expect(await bring(client, block)).toMatchObject({ not_taken: full("facts/x") });
    expect(await textsOf(client)).toEqual(["Likes tea"]);
  });

  it("take the place of those that a replaced session has", async () => {
    const client = new Client();
    await bring(client, lines({ session_id: "s", user_facts: facts(100, "old", 1) }));
    const other = (count: number) =>
      lines({ session_id: "s", user_facts: facts(count, "new", 1), turns: [turn("Hello")] });
    expect(await bring(client, other(100), "&on_conflict=replace")).toMatchObject({ replaced: 1 });
    expect((await textsOf(client)).every((text) => text.startsWith("new"))).toBe(true);
    await bring(client, lines({ session_id: "t", user_facts: [], turns: [turn("Ho")] }));
    const more = lines({ session_id: "t", user_facts: facts(1, "t", 1) });
    expect(await bring(client, more, "&on_conflict=replace")).toMatchObject({
      not_taken: full("t"),
    });
  });

  it("come with the turns that a merge adds, under their numbers", async () => {
    const client = new Client();
    const own = turn("Mine", LATER);
    await bring(client, lines({ session_id: "s", user_facts: facts(1, "own", 1), turns: [own] }));
    const merged = lines({ session_id: "s", user_facts: facts(2, "new", 1) });
    const report = await bring(client, merged, "&on_conflict=merge&import_id=i1");
    expect(report).toMatchObject({ merged: 1, turns_written: 1 });
    const { data } = (await client.get("/sessions/s/turns?order=asc")).body;
    const told = (await client.get("/users/ann/facts")).body.data as {
      text: string;
      source: object;
    }[];
    expect(told.find(({ text }) => text === "new 1")?.source).toEqual({
      type: "turn",
      session_id: "s",
      call_id: data[1].call_id,
    });
    expect(data[1].input).toBe("Hi");
    const again = await bring(client, merged, "&on_conflict=merge");
    expect(again).toMatchObject({ unchanged: 1 });
    expect(await textsOf(client)).toHaveLength(3);
    const many = lines({
      session_id: "s",
      user_facts: facts(98, "many", 1),
      turns: [turn("Many", LATER)],
    });
    expect(await bring(client, many, "&on_conflict=merge")).toMatchObject({ not_taken: full("s") });
    // They go with the import that brought their turns.
    await client.call("DELETE", "/imports/i1");
    expect(await textsOf(client)).toEqual(["own 0"]);
  });

  it.each([
    ["another user", { user_id: "bob" }],
    ["another role", { role: "admin" }],
  ])("are not made those of %s by a merge", async (_what, owner) => {
    const client = new Client();
    await bring(client, lines({ session_id: "s", user_facts: facts(1, "own", 1) }));
    const copy = lines({
      session_id: "s",
      ...owner,
      user_facts: facts(1, "theirs", 2),
      turns: [turn("Hi"), turn("More", LATER)],
    });
    await bring(client, copy, "&on_conflict=merge");
    expect(await textsOf(client)).toEqual(["own 0"]);
    expect(await textsOf(client, "bob")).toEqual([]);
  });

  it.each([
    ["a turn that is not there", { session_id: "s", user_facts: facts(1, "x", 2) }],
    ["a fact twice", { session_id: "s", user_facts: [...facts(1, "x", 1), ...facts(1, "x", 1)] }],
    ["turns of its own", { session_id: "facts/x", user_facts: facts(1, "x") }],
  ])("cannot name %s", async (_what, session) => {
    const client = new Client();
    expect(await bring(client, lines(session))).toMatchObject({
      created: 0,
      problem_count: 1,
      problems: [{ code: "invalid_line" }],
    });
  });
});

const backUp = async (client: Client): Promise<string> =>
  (await client.post("/backups", { body: {} })).body.backup_id;

describe("a user's facts in a restore", () => {
  it("stay within the bound, and the report counts what was left out", async () => {
    const client = new Client();
    await bring(client, lines({ session_id: "s", user_facts: facts(60, "s", 1) }));
    const backup_id = await backUp(client);
    const other = lines({ session_id: "s", user_facts: [], turns: [turn("Other")] });
    await bring(client, other, "&on_conflict=replace");
    await bring(client, lines({ session_id: "t", user_facts: facts(60, "t", 1) }));
    const body = { on_conflict: "replace" };
    const restore = () => client.post(`/backups/${backup_id}/restore`, { body });
    expect((await restore()).body).toMatchObject({ replaced: 0, skipped: { facts_full: 1 } });
    expect(await textsOf(client)).toHaveLength(60);
    await client.call("DELETE", "/sessions/t");
    expect((await restore()).body).toMatchObject({ replaced: 1, skipped: { facts_full: 0 } });
    expect((await textsOf(client)).every((text) => text.startsWith("s "))).toBe(true);
  });

  it("are not made another user's by a newer copy of their session", async () => {
    const client = new Client();
    const turns = [turn("Hi"), turn("More", LATER)];
    await bring(client, lines({ session_id: "s", user_id: "bob", user_facts: [], turns }));
    const backup_id = await backUp(client);
    const anns = lines({ session_id: "s", user_facts: facts(1, "anns", 1) });
    await bring(client, anns, "&on_conflict=replace");
    const { body } = await client.post(`/backups/${backup_id}/restore`, { body: {} });
    expect(body).toMatchObject({ replaced: 0, skipped: { exists: 1 } });
    expect(await textsOf(client)).toEqual(["anns 0"]);
    expect(await textsOf(client, "bob")).toEqual([]);
  });
});
