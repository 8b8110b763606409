import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";

import { accountRpc } from "../../../src/account/account-client.ts";
import { eraseSession, eraseSessions } from "../../../src/account/archive/erasure/erase-session.ts";
import { newTrace } from "../../../src/account/archive/erasure/places.ts";
import { backupPrefix } from "../../../src/account/archive/format/keys.ts";
import { formersOf } from "../../../src/account/store/erasure/former-sessions.ts";
import { erasedAt } from "../../../src/account/store/sessions/sessions.ts";
import { withShelf } from "../../support/archive.ts";
import { Client, DAY } from "../../support/client.ts";
import { textsUnder } from "../../support/segment-texts.ts";

const THEN = Date.parse("2026-03-01T10:00:00.000Z");
/** The archives of then are over. */
const NOW = THEN + 95 * DAY;
const at = { at: NOW };

const inBackups = ({ account }: Client): Promise<string> => textsUnder(backupPrefix(account));
const backUp = async (client: Client, time: number) =>
  (await client.post("/backups", { at: time, body: {} })).body.backup_id as string;
const formers = ({ object }: Client) =>
  runInDurableObject(object, (_, { storage }) =>
    storage.sql.exec("select session_id from former_sessions").toArray(),
  );

/** An import of one session with one turn. */
async function bring(
  client: Client,
  id: string,
  session: object,
  input: string,
  time = NOW,
): Promise<void> {
  const lines = [
    { type: "session", format: 13, turns: 1, ...session },
    { type: "turn", input, output: "Yes." },
  ];
  const body = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  await client.post(`/import?import_id=${id}`, { at: time, body });
}

/** Ann's session, whose archive expired: a backup has it still, beside Bob's. */
async function expired(): Promise<{ client: Client; backup: string }> {
  const client = new Client();
  const before = { at: THEN };
  await client.ask("A heron", { session_id: "other", user_id: "bob" }, before);
  await client.ask("A zebra", { session_id: "s", user_id: "ann" }, before);
  await client.ask("A walrus", { session_id: "last", user_id: "bob" }, before);
  await client.post("/sessions/s/archive", { ...before, body: {} });
  const backup = await backUp(client, THEN + 80 * DAY);
  await accountRpc(client.object).archives.maintain(NOW);
  expect((await client.get("/sessions/s", at)).status).toBe(404);
  expect(await inBackups(client)).toContain("A zebra");
  return { client, backup };
}

/** Bob's are there, Ann's are not; the backup is whole, and brings nothing of hers. */
async function expectGone(client: Client, backup: string): Promise<void> {
  const text = await inBackups(client);
  expect(text).not.toContain("zebra");
  expect(text).toContain("A heron");
  expect(text).toContain("A walrus");
  expect(await formers(client)).toEqual([]);
  const verified = await client.post(`/backups/${backup}/verify`, { ...at, body: {} });
  expect(verified.body).toMatchObject({ valid: true, sessions: 2 });
}
const inBackup = (found: number) =>
  expect.objectContaining({ place: "r2_backups", state: "clean", found, left: 0 });

/** A session that was named to Ann after the first backup, and whose archive expired. */
async function namedLater(): Promise<{ client: Client; backup: string; calls: string[] }> {
  const client = new Client();
  await client.ask("A heron", { session_id: "other", user_id: "bob" }, { at: THEN });
  await client.ask("A zebra", { session_id: "s" }, { at: THEN });
  await client.ask("A walrus", { session_id: "last", user_id: "bob" }, { at: THEN });
  const backup = await backUp(client, THEN + 80 * DAY);
  await client.ask("A gnu", { session_id: "s", user_id: "ann" }, { at: THEN + 1_000 });
  const calls = await callsOf(client);
  await backUp(client, THEN + 81 * DAY);
  await client.post("/sessions/s/archive", { at: THEN + 1_000, body: {} });
  await accountRpc(client.object).archives.maintain(NOW);
  expect((await client.get("/sessions/s", at)).status).toBe(404);
  return { client, backup, calls };
}
const callsOf = async (client: Client): Promise<string[]> => {
  const { body } = await client.get("/sessions/s/turns?order=asc", at);
  return body.data.map(({ call_id }: { call_id: string }) => call_id);
};
const turnsThen = async (client: Client): Promise<number> => {
  const { body } = await client.get("/analytics?from=2026-03-01&to=2026-03-02", at);
  return body.data.reduce((sum: number, { turns }: { turns: number }) => sum + turns, 0);
};

const restore = (client: Client, backup: string) =>
  client.post(`/backups/${backup}/restore`, { ...at, body: {} });
const restoreTwice = async (client: Client, backup: string) => {
  await restore(client, backup);
  await client.post("/sessions/s/archive", { at: THEN, body: {} });
  await accountRpc(client.object).archives.maintain(NOW + 1_000);
  expect((await client.get("/sessions/s", at)).status).toBe(404);
  await restore(client, backup);
};
const importIt = async (client: Client) => {
  const created_at = new Date(THEN).toISOString();
  const session = { session_id: "s", key: 2, created_at, accessed_at: created_at };
  await bring(client, "june", session, "A zebra");
  const { body } = await client.get("/imports/june", at);
  expect(body).toMatchObject({ created: 1, reconciliation: { differing: [] } });
  expect(body.reconciliation.stored_sha256).toBe(body.reconciliation.sent_sha256);
};

/** Ann's, then Bob's: a backup of each. */
async function replaced(): Promise<{ client: Client; backups: string[]; call: string }> {
  const client = new Client();
  await client.ask("A heron", { session_id: "other", user_id: "bob" }, at);
  await client.ask("A zebra", { session_id: "s", user_id: "ann" }, at);
  await client.ask("A walrus", { session_id: "last", user_id: "bob" }, at);
  const [call = ""] = await callsOf(client);
  const first = await backUp(client, NOW);
  const session = { session_id: "s", user_id: "bob", key: 2 };
  const lines = [
    { type: "session", format: 13, turns: 1, ...session },
    { type: "turn", input: "A walrus", output: "Yes." },
  ];
  const body = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  const { body: report } = await client.post("/import?on_conflict=replace", { ...at, body });
  expect(report).toMatchObject({ replaced: 1, reconciliation: { differing: [] } });
  const second = await backUp(client, NOW + 1_000);
  return { client, backups: [first, second], call };
}

describe("a session that was named to its user after a backup, and whose archive expired", () => {
  it.each([
    ["the backup", restore],
    ["the backup, twice", restoreTwice],
    ["an import", importIt],
  ] as const)(
    "is counted once, with its calls, as the user's where %s brings it back",
    async (_, comeBack) => {
      const { client, backup, calls } = await namedLater();
      expect(await turnsThen(client)).toBe(4);
      await comeBack(client, backup);
      expect(await callsOf(client)).toEqual(calls.slice(0, 1));
      expect(await turnsThen(client)).toBe(4);
      expect((await client.get("/sessions/s", at)).body.user_id).toBe("ann");
      const { body: erased } = await client.call("DELETE", "/users/ann", at);
      expect(erased).toMatchObject({ sessions: 1, turns: 1, verified: true });
      expect(await inBackups(client)).not.toMatch(/zebra|gnu/);
      expect(await formers(client)).toEqual([]);
    },
  );

  it("is another one where it began at another time", async () => {
    const { client } = await namedLater();
    await bring(client, "june", { session_id: "s", key: 2 }, "An okapi");
    expect((await client.get("/sessions/s", at)).body.user_id).toBe(null);
    expect(await formers(client)).toEqual([{ session_id: "s" }]);
    expect((await client.call("DELETE", "/users/ann", at)).body.verified).toBe(true);
    expect(await inBackups(client)).not.toContain("gnu");
    expect((await client.get("/sessions/s", at)).status).toBe(200);
  });
});

describe("a session that another user's replaced, and that a backup has", () => {
  it("is erased with its user, and the other's stays with its copies", async () => {
    const { client, backups, call } = await replaced();
    const { body: erased } = await client.call("DELETE", "/users/ann", at);
    expect(erased).toMatchObject({ sessions: 0, segments: 1, verified: true });
    expect(await inBackups(client)).not.toContain("zebra");
    expect(await formers(client)).toEqual([]);
    for (const [index, sessions] of [2, 3].entries()) {
      const path = `/backups/${backups[index]}/verify`;
      const verified = await client.post(path, { ...at, body: {} });
      expect(verified.body).toMatchObject({ valid: true, sessions });
    }
    const turns = await client.get("/sessions/s/turns", at);
    expect(turns.body.data).toMatchObject([{ input: "A walrus" }]);
    expect(await callsOf(client)).not.toContain(call);
  });

  it("comes back with its calls, and then the other's is erased with its own user", async () => {
    const { client, backups, call } = await replaced();
    const body = { on_conflict: "replace", session_ids: ["s"] };
    await client.post(`/backups/${backups[0]}/restore`, { ...at, body });
    expect(await callsOf(client)).toEqual([call]);
    expect(await formers(client)).toEqual([{ session_id: "s" }]);
    const { body: erased } = await client.call("DELETE", "/users/bob", at);
    expect(erased.verified).toBe(true);
    expect(await inBackups(client)).not.toContain("walrus");
    expect(await inBackups(client)).toContain("zebra");
    expect(await callsOf(client)).toEqual([call]);
  });

  it("is erased by its id with the other's", async () => {
    const { client } = await replaced();
    expect((await client.call("DELETE", "/sessions/s", at)).body.verified).toBe(true);
    expect(await inBackups(client)).not.toContain("zebra");
    expect(await formers(client)).toEqual([]);
  });

  it("stays its user's where a backup from before it was named takes its place", async () => {
    const client = new Client();
    await client.ask("A zebra", { session_id: "s" }, at);
    const backup = await backUp(client, NOW);
    await client.ask("A gnu", { session_id: "s", user_id: "ann" }, { at: NOW + 1_000 });
    const calls = await callsOf(client);
    await backUp(client, NOW + 2_000);
    const body = { on_conflict: "replace" };
    const restored = await client.post(`/backups/${backup}/restore`, { ...at, body });
    expect(restored.body).toMatchObject({ replaced: 1 });
    expect(await callsOf(client)).toEqual(calls.slice(0, 1));
    const { body: erased } = await client.call("DELETE", "/users/ann", at);
    expect(erased).toMatchObject({ sessions: 1, turns: 1, verified: true });
    expect(await inBackups(client)).not.toMatch(/zebra|gnu/);
  });
});

describe("a session that went before it was erased, and that a backup has", () => {
  it("is erased with the session that has its id again", async () => {
    const { client, backup } = await expired();
    await client.ask("A gnu", { session_id: "s", user_id: "ann" }, at);
    const { body: erased } = await client.call("DELETE", "/sessions/s", at);
    expect(erased).toMatchObject({ turns: 1, segments: 1, verified: true });
    expect(erased.places).toContainEqual(inBackup(1));
    await expectGone(client, backup);
    const { body } = await client.post(`/backups/${backup}/restore`, { ...at, body: {} });
    expect(body).toMatchObject({ complete: true, restored: 0, unchanged: 2 });
  });

  it("is erased by its id alone, which begins no more", async () => {
    const { client, backup } = await expired();
    const stranger = await accountRpc(client.object).erasure.eraseSession(
      { key: null, user_id: "bob" },
      "s",
      NOW,
    );
    expect(stranger).toMatchObject({ ok: false });
    const { body: erased } = await client.call("DELETE", "/sessions/s", at);
    expect(erased).toMatchObject({ turns: 0, segments: 1, verified: true });
    await expectGone(client, backup);
    expect((await client.ask("Again?", { session_id: "s" }, at)).status).toBe(410);
    expect((await client.call("DELETE", "/sessions/s", at)).status).toBe(404);
  });

  it("is erased with its user, and another's session with its id stays", async () => {
    const { client, backup } = await expired();
    await client.ask("An okapi", { session_id: "s", user_id: "bob" }, at);
    const second = await backUp(client, NOW);
    const { body: erased } = await client.call("DELETE", "/users/ann", at);
    expect(erased).toMatchObject({ sessions: 0, segments: 1, verified: true });
    expect(erased.places).toContainEqual(inBackup(1));
    await expectGone(client, backup);
    expect(await inBackups(client)).toContain("An okapi");
    const verified = await client.post(`/backups/${second}/verify`, { ...at, body: {} });
    expect(verified.body).toMatchObject({ valid: true, sessions: 3 });
    const turns = await client.get("/sessions/s/turns", at);
    expect(turns.body.data).toMatchObject([{ input: "An okapi" }]);
  });

  it("stays while the account is under legal hold", async () => {
    const { client, backup } = await expired();
    await runInDurableObject(client.object, (_, { storage }) =>
      storage.sql.exec("insert into account (name, value) values ('hold', '\"case 1\"')").toArray(),
    );
    for (const path of ["/users/ann", "/sessions/s"])
      expect((await client.call("DELETE", path, at)).body.code).toBe("account_held");
    expect(await inBackups(client)).toContain("A zebra");
    await runInDurableObject(client.object, (_, { storage }) =>
      storage.sql.exec("delete from account where name = 'hold'").toArray(),
    );
    expect((await client.call("DELETE", "/users/ann", at)).body.verified).toBe(true);
    await expectGone(client, backup);
  });

  it("is forgotten with the last backup that has it", async () => {
    const { client, backup } = await expired();
    expect(await formers(client)).toEqual([{ session_id: "s" }]);
    await client.call("DELETE", `/backups/${backup}`, at);
    expect(await formers(client)).toEqual([]);
    expect((await client.call("DELETE", "/sessions/s", at)).status).toBe(404);
  });

  it("is no former one where a restore has brought it back", async () => {
    const { client, backup } = await expired();
    await client.post(`/backups/${backup}/restore`, { ...at, body: {} });
    expect((await client.get("/sessions/s", at)).status).toBe(200);
    const { body: erased } = await client.call("DELETE", "/users/ann", at);
    expect(erased).toMatchObject({ sessions: 1, turns: 1, verified: true });
    await expectGone(client, backup);
  });

  it("is erased, too, where its import was undone", async () => {
    const client = new Client();
    await client.ask("A heron", { session_id: "other" }, at);
    await bring(client, "june", { session_id: "s", user_id: "ann" }, "A zebra");
    await client.ask("A walrus", { session_id: "last" }, at);
    const backup = await backUp(client, NOW);
    await client.call("DELETE", "/imports/june", at);
    expect(await inBackups(client)).toContain("A zebra");
    expect((await client.call("DELETE", "/users/ann", at)).body.verified).toBe(true);
    await expectGone(client, backup);
  });

  it.each(["b-1", "a-1"])(
    "is found, too, where %s of another user asks for its key",
    async (id) => {
      const client = new Client();
      await bring(client, "june", { session_id: "a-1", user_id: "ann", key: 1 }, "A zebra");
      const backup = await backUp(client, NOW);
      await client.call("DELETE", "/imports/june", at);
      await bring(client, "july", { session_id: id, user_id: "bob", key: 1 }, "A walrus");
      expect(await formers(client)).toEqual([{ session_id: "a-1" }]);
      const { body: erased } = await client.call("DELETE", "/users/ann", at);
      expect(erased).toMatchObject({ sessions: 0, segments: 1, verified: true });
      expect(await inBackups(client)).not.toContain("A zebra");
      const restored = await client.post(`/backups/${backup}/restore`, { ...at, body: {} });
      expect(restored.body).toMatchObject({ complete: true, restored: 0 });
      const turns = await client.get(`/sessions/${id}/turns`, at);
      expect(turns.body.data).toMatchObject([{ input: "A walrus" }]);
    },
  );

  it("is erased under the key that it had in the backup, too, while another's session has its id", async () => {
    const client = new Client();
    const before = { at: THEN + 80 * DAY };
    await bring(client, "june", { session_id: "s", user_id: "ann", key: 1 }, "A zebra", THEN);
    const backup = await backUp(client, before.at);
    await client.call("DELETE", "/imports/june", before);
    // As an older version left it: then its key was free.
    await runInDurableObject(client.object, (_, { storage }) =>
      storage.sql.exec("delete from former_sessions").toArray(),
    );
    await bring(client, "july", { session_id: "b-1", user_id: "bob", key: 1 }, "Hello", before.at);
    await client.post(`/backups/${backup}/restore`, { ...before, body: {} });
    await client.post("/sessions/s/archive", { at: THEN, body: {} });
    await accountRpc(client.object).archives.maintain(NOW);
    expect(await formers(client)).toEqual([{ session_id: "s" }]);
    await client.ask("An okapi", { session_id: "s", user_id: "bob" }, at);
    expect(await inBackups(client)).toContain("A zebra");
    const { body: erased } = await client.call("DELETE", "/users/ann", at);
    expect(erased).toMatchObject({ sessions: 0, segments: 1, verified: true });
    expect(await inBackups(client)).not.toContain("A zebra");
    const turns = await client.get("/sessions/s/turns", at);
    expect(turns.body.data).toMatchObject([{ input: "An okapi" }]);
  });

  it("is not erased with another user's that had its id", async () => {
    const client = new Client();
    await client.ask("A heron", { session_id: "other", user_id: "bob" }, at);
    await bring(client, "june", { session_id: "s", user_id: "ann" }, "A zebra");
    await backUp(client, NOW);
    await client.call("DELETE", "/imports/june", at);
    await bring(client, "july", { session_id: "s", user_id: "bob" }, "A walrus");
    await backUp(client, NOW + 1_000);
    await client.call("DELETE", "/imports/july", at);
    expect(await formers(client)).toEqual([{ session_id: "s" }, { session_id: "s" }]);
    expect((await client.call("DELETE", "/users/ann", at)).body.verified).toBe(true);
    const left = await inBackups(client);
    expect(left).not.toContain("A zebra");
    expect(left).toContain("A walrus");
    expect((await client.call("DELETE", "/users/bob", at)).body.verified).toBe(true);
    expect(await inBackups(client)).not.toContain("A walrus");
  });

  it("keeps no session that is there while its copy is damaged, and says that it is left", async () => {
    const { client, backup } = await expired();
    for (const session_id of ["s", "live"])
      await client.ask("A gnu", { session_id, user_id: "ann" }, at);
    await client.ask("A gnu", { session_id: "third", user_id: "ann" }, at);
    const { objects } = await env.ARCHIVE.list({ prefix: backupPrefix(client.account) });
    const part = objects.find(({ key }) => key.endsWith(".gz"))!;
    await env.ARCHIVE.put(part.key, new Uint8Array(part.size).fill(7));
    expect((await client.call("DELETE", "/sessions/s", at)).status).toBeGreaterThanOrEqual(500);
    expect((await client.get("/sessions/s", at)).status).toBe(404);
    expect((await client.call("DELETE", "/users/ann", at)).status).toBeGreaterThanOrEqual(500);
    for (const id of ["live", "third"])
      expect((await client.get(`/sessions/${id}`, at)).status).toBe(404);
    expect(await formers(client)).toEqual([{ session_id: "s" }]);
    await client.call("DELETE", `/backups/${backup}`, at);
    expect((await client.call("DELETE", "/users/ann", at)).body.verified).toBe(true);
  });

  it("stays where a user erases a session of their own that had its id after it", async () => {
    const { client, backup } = await expired();
    const bob = { key: null, user_id: "bob" };
    await client.ask("An okapi", { session_id: "s", user_id: "bob" }, at);
    const erased = await accountRpc(client.object).erasure.eraseSession(bob, "s", NOW);
    expect(erased).toMatchObject({ ok: true, value: { turns: 1, verified: true } });
    expect(await inBackups(client)).toContain("A zebra");
    expect(await formers(client)).toEqual([{ session_id: "s" }]);
    const ann = { key: null, user_id: "ann" };
    const hers = await accountRpc(client.object).erasure.eraseSession(ann, "s", NOW);
    expect(hers).toMatchObject({ ok: true, value: { turns: 0, segments: 1, verified: true } });
    await expectGone(client, backup);
  });

  it("stays in a copy from before it was named, where another user erases its id", async () => {
    const { client } = await namedLater();
    await client.call("DELETE", "/sessions/last", at);
    // The copies of both lie in the same part, by their keys.
    await bring(client, "june", { session_id: "s", user_id: "bob", key: 3 }, "An okapi");
    const bob = { key: null, user_id: "bob" };
    const erased = await accountRpc(client.object).erasure.eraseSession(bob, "s", NOW);
    expect(erased).toMatchObject({ ok: true, value: { turns: 1, verified: true } });
    expect((await inBackups(client)).match(/"input":"A zebra"/g)).toHaveLength(2);
    expect((await client.call("DELETE", "/users/ann", at)).body.verified).toBe(true);
    expect(await inBackups(client)).not.toMatch(/zebra|gnu/);
  });

  it("takes the place of its user's later session, whose copies are erased with the user", async () => {
    const client = new Client();
    await client.ask("A zebra", { session_id: "s", user_id: "ann" }, { at: THEN });
    await client.ask("A walrus", { session_id: "last", user_id: "bob" }, { at: THEN });
    await client.post("/sessions/s/archive", { at: THEN, body: {} });
    const backup = await backUp(client, THEN + 80 * DAY);
    await accountRpc(client.object).archives.maintain(NOW);
    await client.ask("A gnu", { session_id: "s", user_id: "ann" }, at);
    await backUp(client, NOW);
    const body = { on_conflict: "replace", session_ids: ["s"] };
    const restored = await client.post(`/backups/${backup}/restore`, { ...at, body });
    expect(restored.body).toMatchObject({ replaced: 1 });
    expect(await inBackups(client)).toMatch(/gnu/);
    expect((await client.call("DELETE", "/users/ann", at)).body.verified).toBe(true);
    expect(await inBackups(client)).not.toMatch(/zebra|gnu/);
    expect(await formers(client)).toEqual([]);
  });

  it("leaves a session that begins with its id while it is erased", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      db.run("insert into former_sessions values (7, 's', 'ann', null)");
      const erasing = eraseSession(shelf.tools(), "s", NOW);
      shelf.add("s", ["An okapi"]);
      expect(await erasing).toMatchObject({ turns: 0 });
      expect(await shelf.read("s")).toMatchObject([{ input: "An okapi" }]);
      expect([erasedAt(db, "s"), formersOf(db, ["s"])]).toEqual([null, []]);
    }));

  it("goes with a first turn that is begun with its id, unless that is another user's", () =>
    withShelf(async (shelf) => {
      const { db, busy } = shelf;
      const former = { key: 7, session_id: "s", user_id: "ann", role: null };
      for (const isTheirs of [false, true]) {
        db.run("insert into former_sessions values (7, 's', 'ann', null)");
        busy.add("s");
        const dropped: string[] = [];
        const tools = shelf.tools();
        const lifecycle = { ...tools.lifecycle, drop: (id: string) => void dropped.push(id) };
        const found = { key: null, formers: [former], takesBegun: () => isTheirs };
        await eraseSession({ ...tools, lifecycle }, "s", NOW, newTrace(), found);
        expect(formersOf(db, ["s"])).toEqual([]);
        expect([dropped, erasedAt(db, "s")]).toEqual(isTheirs ? [["s"], NOW] : [[], null]);
      }
    }));

  it("leaves no tombstone where another user's first turn in its id is begun", () =>
    withShelf(async (shelf) => {
      const { db, busy } = shelf;
      db.run("insert into former_sessions values (7, 's', 'ann', null)");
      const erase = () =>
        eraseSessions(shelf.tools(), [], NOW, {
          formers: [{ key: 7, session_id: "s", user_id: "ann", role: null }],
        });
      busy.add("s");
      await erase();
      expect([erasedAt(db, "s"), formersOf(db, ["s"])]).toEqual([null, []]);
      busy.clear();
      await erase();
      expect(erasedAt(db, "s")).toBe(NOW);
    }));
});
