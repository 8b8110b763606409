import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { accountRpc } from "../../../src/account/account-client.ts";
import { archivePrefix, backupPrefix } from "../../../src/account/archive/format/keys.ts";
import type { Batch } from "../../../src/account/imports/apply.ts";
import { Batcher } from "../../../src/account/imports/batcher.ts";
import { unwrap } from "../../../src/shared/errors.ts";
import { Client, DAY } from "../../support/client.ts";
import { root } from "../../support/keys.ts";
import { textsUnder } from "../../support/segment-texts.ts";

const THEN = Date.parse("2026-03-01T10:00:00.000Z");
const NOW = THEN + 40 * DAY;
const at = { at: NOW };
/** Ann's session has this key. */
const KEY = 2;

const inArchives = ({ account }: Client): Promise<string> => textsUnder(archivePrefix(account));
const inBackups = ({ account }: Client): Promise<string> => textsUnder(backupPrefix(account));
const rows = ({ object }: Client, statement: string) =>
  runInDurableObject(object, (_, { storage }) => storage.sql.exec(statement).toArray());
const formers = (client: Client) => rows(client, "select session_id, user_id from former_sessions");

/** Ann's session and Bob's, archived in one segment. */
async function archived(): Promise<Client> {
  const client = new Client();
  await client.ask("A heron", { session_id: "other", user_id: "bob" }, { at: THEN });
  await client.ask("A zebra", { session_id: "s", user_id: "ann" }, { at: THEN });
  const swept = await accountRpc(client.object).archives.sweep(null, {
    now: NOW,
    older_than_ms: 1_000,
    after: 0,
    so_far: { deleted: 0, errors: 0, bytes: 0 },
  });
  expect(swept).toMatchObject({ ok: true, value: { archived: 2 } });
  return client;
}

/** An import brings a session of Bob with the id of Ann's. @param more - of the session's line */
async function replace(client: Client, more: object = {}): Promise<void> {
  const lines = [
    { type: "session", format: 13, turns: 1, session_id: "s", user_id: "bob", ...more },
    { type: "turn", input: "A walrus", output: "Yes." },
  ];
  const body = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  const { body: report } = await client.post("/import?on_conflict=replace", { ...at, body });
  expect(report).toMatchObject({ replaced: 1, reconciliation: { differing: [] } });
}

/** The lines of Bob's sessions. */
async function* sessions(...ids: string[]) {
  const lines = ids.flatMap((session_id) => [
    { type: "session", format: 13, turns: 1, session_id, user_id: "bob" },
    { type: "turn", input: "A walrus", output: "Yes." },
  ]);
  yield lines.map((line, index) => ({ number: index + 1, text: JSON.stringify(line) }));
}

const keyOf = async (client: Client): Promise<unknown> => {
  const [row] = await rows(client, "select key from sessions where session_id = 's'");
  return row?.["key"];
};

/** Of Ann's session there is no copy left, and Bob's two are as before. */
async function expectGone(client: Client): Promise<void> {
  const texts = `${await inArchives(client)}${await inBackups(client)}`;
  expect(texts).not.toContain("zebra");
  expect(texts).toContain("heron");
  expect(await formers(client)).toEqual([]);
  for (const [id, input] of [
    ["other", "A heron"],
    ["s", "A walrus"],
  ]) {
    const turns = await client.get(`/sessions/${id}/turns`, at);
    expect(turns.body.data).toMatchObject([{ input }]);
  }
}

describe("an archived session that another user's replaced", () => {
  it.each([
    ["", {}, false],
    [" and that asks for its key", { key: KEY }, false],
    [", and a backup", {}, true],
    [" and that asks for its key, and a backup", { key: KEY }, true],
  ] as const)(
    "is erased with its user, beside a session of the other's in the segment%s",
    async (_, more, isBackedUp) => {
      const client = await archived();
      if (isBackedUp) await client.post("/backups", { ...at, body: {} });
      await replace(client, more);
      expect(await inArchives(client)).toContain("zebra");
      expect(await keyOf(client)).not.toBe(KEY);
      expect(await formers(client)).toEqual([{ session_id: "s", user_id: "ann" }]);
      const { body: erased } = await client.call("DELETE", "/users/ann", at);
      expect(erased).toMatchObject({ sessions: 0, segments: isBackedUp ? 2 : 1, verified: true });
      const found = { place: "r2_archives", state: "clean", found: 1, left: 0 };
      expect(erased.places).toContainEqual(expect.objectContaining(found));
      await expectGone(client);
    },
  );

  it("is erased by its id with the other's", async () => {
    const client = await archived();
    await replace(client);
    const { body: erased } = await client.call("DELETE", "/sessions/s", at);
    expect(erased).toMatchObject({ turns: 1, segments: 1, verified: true });
    expect(await inArchives(client)).not.toContain("zebra");
    expect(await inArchives(client)).toContain("heron");
    expect(await formers(client)).toEqual([]);
    expect((await client.get("/sessions/other", at)).status).toBe(200);
  });

  it("is erased, too, where a crash left its copy to an unfinished move", async () => {
    const client = await archived();
    await client.ask("A gnu", { session_id: "s", user_id: "ann" }, at);
    const [copy] = await rows(client, "delete from stale_copies returning segment");
    const moving = JSON.stringify({ segment: copy?.["segment"], keys: [KEY] });
    await rows(client, `insert into account (name, value) values ('moving', '${moving}')`);
    await replace(client);
    expect((await client.call("DELETE", "/users/ann", at)).body.verified).toBe(true);
    await expectGone(client);
  });

  it("is forgotten with the segment, when nothing else is left there", async () => {
    const client = await archived();
    await replace(client);
    expect(await formers(client)).toEqual([{ session_id: "s", user_id: "ann" }]);
    await client.call("DELETE", "/sessions/other", at);
    expect(await inArchives(client)).toBe("");
    expect(await formers(client)).toEqual([]);
  });
});

/** Has an answer of the session `s` in the cache. @returns what is left of it after an alarm */
async function cachedAnswer(client: Client): Promise<() => Promise<string | null>> {
  const cached = `query:${client.account}`;
  await env.CACHE.put(cached, "A zebra");
  const ofSession = "key = (select key from sessions where session_id = 's')";
  await rows(client, `update session_details set cache_key = '${cached}' where ${ofSession}`);
  return async () => {
    await runDurableObjectAlarm(client.object);
    return env.CACHE.get(cached);
  };
}
const forgetAlarm = ({ object }: Client) =>
  runInDurableObject(object, (_, { storage }) => storage.deleteAlarm());

describe("the cached answer of a session that another took the place of", () => {
  it.each(["ann", "bob"])("goes from the cache, where the other is %s's", async (user_id) => {
    const client = new Client();
    await client.ask("A zebra", { session_id: "s", user_id: "ann" }, at);
    const left = await cachedAnswer(client);
    await replace(client, { user_id });
    await expect.poll(left).toBe(null);
  });

  it("goes, too, where a later batch of the same request fails", async () => {
    const client = new Client();
    await client.ask("A zebra", { session_id: "s", user_id: "ann" }, at);
    const left = await cachedAnswer(client);
    await root.call("PATCH", `/admin/accounts/${client.account}`, {
      body: { quotas: { sessions: 1 } },
    });
    await client.get("/sessions/s", at);
    const rpc = accountRpc(client.object).transfer;
    const options = { mode: "skip_bad", on_conflict: "replace" } as const;
    unwrap(await rpc.openImport(null, "june", options, 1, NOW));
    const batches: Batch[] = [];
    for await (const batch of new Batcher(NOW, { length: 1, line: 0 }).batches(sessions("s", "t")))
      batches.push(batch);
    await forgetAlarm(client);
    const brought = await rpc.importBatches(null, { import_id: "june" }, batches, NOW);
    expect(brought).toMatchObject({ ok: false, error: { code: "quota_sessions" } });
    expect((await client.get("/sessions/s/turns", at)).body.data).toMatchObject([
      { input: "A walrus" },
    ]);
    await expect.poll(left).toBe(null);
  });

  it("goes, too, where a restore fails after it", async () => {
    const client = new Client();
    // One more than a restore writes at a time.
    const ids = ["s", ...Array.from({ length: 99 }, (_, n) => `t${n}`), "last"];
    for await (const lines of sessions(...ids))
      await client.post("/import", { ...at, body: lines.map(({ text }) => `${text}\n`).join("") });
    const { body: backup } = await client.post("/backups", { ...at, body: {} });
    for (const session_id of ["s", "last"])
      await client.ask("A zebra", { session_id, user_id: "bob" }, at);
    const left = await cachedAnswer(client);
    await rows(
      client,
      "create trigger full before insert on sessions when new.session_id = 'last' begin select raise(abort, 'full'); end",
    );
    await forgetAlarm(client);
    const options = { dry_run: false, session_ids: null, on_conflict: "replace" } as const;
    const { backups } = accountRpc(client.object);
    let step = await backups.stepRestore(null, backup.backup_id, options);
    while (step.ok && !step.value.complete)
      step = await backups.stepRestore(null, backup.backup_id, options);
    expect(step.ok).toBe(false);
    await rows(client, "drop trigger full");
    const { body: turns } = await client.get("/sessions/s/turns", at);
    expect(turns.data).toMatchObject([{ input: "A walrus" }]);
    await expect.poll(left).toBe(null);
  });
});
