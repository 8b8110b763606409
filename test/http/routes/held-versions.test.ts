import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { FORMAT } from "../../../src/account/archive/format/format.ts";
import { Client, DAY } from "../../support/client.ts";

const NOW = Date.UTC(2026, 6, 1, 12);
const lines = { "content-type": "application/x-ndjson" };

type Line = { type: string; name?: string; value?: string; versions?: number };
const parsed = (text: string): Line[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
const exported = async (client: Client, path = "/export"): Promise<string> =>
  Buffer.from(await (await client.fetch("GET", path, { at: NOW })).arrayBuffer()).toString();
const versionsIn = (text: string) =>
  parsed(text)
    .filter(({ type }) => type === "version")
    .map(({ name, value }) => [name, value]);
const hold = (client: Client, id: string, reason: string | null) =>
  client.call("PATCH", `/sessions/${id}`, { body: { hold: reason } });
const putState = (client: Client, body: object) =>
  client.call("PUT", "/sessions/s/state", { headers: { "if-match": "*" }, body });

/** A session under hold, with a value of everything overwritten. */
async function overwritten(): Promise<Client> {
  const client = new Client();
  const about = { session_id: "s", user_id: "ann", metadata: { note: "first" } };
  await client.ask("Hi", about, { at: NOW });
  await putState(client, { step: 0 });
  await putState(client, { step: 1 });
  await hold(client, "s", "case 1");
  await putState(client, { step: 2 });
  await client.ask("On", {
    session_id: "s",
    state_patch: { step: 3 },
    metadata: { note: "second" },
  });
  await client.call("PATCH", "/sessions/s", { body: { metadata: { note: null }, facts: ["One"] } });
  await client.call("PATCH", "/sessions/s", { body: { facts: null } });
  return client;
}
const KEPT = [
  ["state", '{"step":1}'],
  ["metadata", '{"note":"first"}'],
  ["state", '{"step":2}'],
  ["metadata", '{"note":"second"}'],
  ["facts", '["One"]'],
];
const byName = (versions: unknown[]) => versions.map((each) => JSON.stringify(each)).toSorted();

/** What GET …/versions lists, as JSON. */
const listed = async (client: Client, query = "") =>
  (await client.get(`/sessions/s/versions${query}`, { at: NOW })).body;

describe("GET /sessions/{id}/versions", () => {
  it("lists what was overwritten, oldest first, in pages", async () => {
    const client = await overwritten();
    const { data, is_kept } = await listed(client);
    expect(is_kept).toBe(true);
    const shown = data.map(({ name, value }: Record<string, unknown>) => [
      name,
      JSON.stringify(value),
    ]);
    expect(byName(shown)).toEqual(byName(KEPT));
    const first = await listed(client, "?limit=2");
    const rest = await listed(client, `?after=${first.last_id}`);
    expect([...first.data, ...rest.data]).toEqual(data);
  });

  it("lists an archived session's, too, and no value that only went along with it", async () => {
    const client = await overwritten();
    const { data } = await listed(client);
    await client.post("/sessions/s/archive");
    expect((await client.get("/sessions/s")).body.status).toBe("archived");
    expect((await listed(client)).data).toEqual(data);
    const text = await exported(client);
    await client.post("/archives/s/restore");
    await client.post("/sessions/s/archive");
    expect((await listed(client)).data).toEqual(data);
    expect(versionsIn(await exported(client))).toEqual(versionsIn(text));
  });

  it("has none without a hold, and says that none are kept", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "s" });
    await putState(client, { step: 1 });
    await putState(client, { step: 2 });
    expect(await listed(client)).toMatchObject({ data: [], is_kept: false });
    expect((await client.get("/sessions/none/versions")).status).toBe(404);
  });
});

describe("what is overwritten under a hold", () => {
  it("is kept, in its order, and turns go on", async () => {
    const client = await overwritten();
    const text = await exported(client);
    expect(byName(versionsIn(text))).toEqual(byName(KEPT));
    expect(versionsIn(text).filter(([name]) => name === "state")).toEqual([KEPT[0], KEPT[2]]);
    const [session, ...rest] = parsed(text);
    expect(session).toMatchObject({
      type: "session",
      format: FORMAT,
      versions: 5,
      state: { step: 3 },
    });
    expect(rest.map(({ type }) => type)).toEqual([
      ...Array.from({ length: 5 }, () => "version"),
      "turn",
      "turn",
      "end",
    ]);
    expect(await exported(client, "/users/ann/export")).toBe(text);
  });

  it("is kept under a hold of the account, also of an archived session", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "s", metadata: { note: "first" } }, { at: NOW });
    await client.post("/sessions/s/archive", { at: NOW });
    await client.call("PATCH", `/admin/accounts/${client.account}`, { body: { hold: "case 2" } });
    await client.call("PATCH", "/sessions/s", { body: { metadata: { note: "second" } } });
    expect((await client.get("/sessions/s")).body.status).toBe("archived");
    expect(versionsIn(await exported(client))).toEqual([["metadata", '{"note":"first"}']]);
    await client.call("PATCH", `/admin/accounts/${client.account}`, { body: { hold: null } });
    expect(versionsIn(await exported(client))).toEqual([]);
  });

  it("goes with the last hold, and not before", async () => {
    const client = await overwritten();
    await client.call("PATCH", `/admin/accounts/${client.account}`, { body: { hold: "case 2" } });
    await hold(client, "s", null);
    expect(versionsIn(await exported(client))).toHaveLength(5);
    await hold(client, "s", "case 3");
    await client.call("PATCH", `/admin/accounts/${client.account}`, { body: { hold: null } });
    expect(versionsIn(await exported(client))).toHaveLength(5);
    await hold(client, "s", null);
    expect(versionsIn(await exported(client))).toEqual([]);
    await putState(client, { step: 9 });
    expect(versionsIn(await exported(client))).toEqual([]);
    expect((await client.call("DELETE", "/sessions/s")).body.verified).toBe(true);
  });

  it("is the same after an export and an import, and in a backup that was restored", async () => {
    const client = await overwritten();
    const text = await exported(client);
    const other = new Client();
    const { body } = await other.post("/import", { body: text, headers: lines, at: NOW });
    expect(body).toMatchObject({ created: 1, problem_count: 0 });
    expect(await exported(other)).toBe(text);
    const again = await other.post("/import", { body: text, headers: lines, at: NOW });
    expect(again.body).toMatchObject({ unchanged: 1 });

    const { backup_id } = (await client.post("/backups", { body: {}, at: NOW })).body;
    expect((await client.post(`/backups/${backup_id}/verify`)).body).toMatchObject({ valid: true });
    await runInDurableObject(client.object, (_, { storage }) => {
      for (const table of ["sessions", "session_details", "turns", "held_versions"])
        storage.sql.exec(`delete from ${table}`);
    });
    const restored = await client.post(`/backups/${backup_id}/restore`, { body: {}, at: NOW });
    expect(restored.status).toBe(200);
    expect(byName(versionsIn(await exported(client)))).toEqual(byName(KEPT));
  });

  it("comes whole in an export of many pages", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "s" }, { at: NOW });
    await hold(client, "s", "case 1");
    for (let n = 0; n < 40; n += 1) await putState(client, { n, text: "x".repeat(40_000) });
    const kept = versionsIn(await exported(client)).map(
      ([, value]) => (JSON.parse(value as string) as { n: number }).n,
    );
    expect(kept).toEqual(Array.from({ length: 39 }, (_, n) => n));
  });

  it("is refused where lines are missing", async () => {
    const text = await exported(await overwritten());
    const torn = text
      .split("\n")
      .filter((_, at) => at !== 2)
      .join("\n");
    const { body } = await new Client().post("/import", { body: torn, headers: lines });
    expect(body.problems).toMatchObject([
      { code: "turns_differ", message: "The session says that it has 5 versions; 4 came." },
    ]);
  });

  it("lies in no archive, for a held session is not archived", async () => {
    const client = await overwritten();
    await client.post("/purge", { at: NOW + 400 * DAY });
    const { objects } = await env.ARCHIVE.list({ prefix: `conversations/${client.account}/` });
    expect(objects).toEqual([]);
  });
});
