import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";

import { readValue } from "../../../../src/account/store/account/account-values.ts";
import { compactFile } from "../../../../src/account/store/account/file-compaction.ts";
import { Database } from "../../../../src/sqlite/database.ts";
import { Client, DAY } from "../../../support/client.ts";
import { untilListed } from "../../../support/until.ts";
import { root } from "../../../support/keys.ts";

const NOW = Date.UTC(2026, 6, 1);

async function filledAccount(): Promise<Client> {
  const client = new Client();
  for (let n = 0; n < 12; n += 1) {
    const at = n < 6 ? NOW - 60 * DAY : NOW;
    const more = { session_id: `s${n}`, user_id: `u${n % 3}`, metadata: { n: String(n) } };
    await client.ask(`Remember ${"walnut ".repeat(n * n * 10)}`, more, {
      at,
      headers: { "idempotency-key": `key-${n}` },
    });
  }
  await client.get("/search?q=walnut");
  await client.post("/purge", { at: NOW });
  await client.post("/backups", { at: NOW });
  await client.call("PUT", "/sessions/s9/state", { body: { a: 1 }, headers: { "if-match": "*" } });
  await client.call("DELETE", "/sessions/s8");
  // The directory's report is delivered: no alarm changes a row while the file is compacted.
  await untilListed(client.object);
  return client;
}

/** The schema and all rows, but of the search's own tables, which are laid out anew. */
const dump = (client: Client) =>
  runInDurableObject(client.object, (_, { storage }) => {
    const db = new Database(storage);
    const schema = db
      .all<{ name: string; type: string; sql: string }>(
        `select name, type, sql from sqlite_master where sql is not null
         and (name = 'turn_search' or name not like 'turn\\_search%' escape '\\') order by name`,
      )
      .map(({ sql, ...rest }) => ({
        ...rest,
        sql: sql.replaceAll('"', "").replaceAll(/\s+/g, " ").toLowerCase(),
      }));
    const rows = schema
      // How large the file is, and which volumes the index has, is not what the account holds.
      .filter(
        ({ type, name }) =>
          type !== "index" && type !== "trigger" && !/^(turn_search|_cf_)/.test(name),
      )
      .map(({ name }) => [
        name,
        db
          .all(`select * from "${name}"`)
          .map((row) => JSON.stringify(row))
          .filter((row) => !/"(file_bytes|(thinned|search)_volumes|moving_volume)"/.test(row))
          .toSorted(),
      ]);
    return { schema, rows };
  });

const compactAccount = (client: Client) => root.post(`/admin/accounts/${client.account}/compact`);

it("leaves schema, rows and what is found as they were", async () => {
  const client = await filledAccount();
  const before = await dump(client);
  const found = await client.get("/search?q=walnut");
  expect(found.body.data.length).toBeGreaterThan(8);
  for (let time = 0; time < 2; time += 1) {
    const { status, body } = await compactAccount(client);
    expect(status).toBe(200);
    expect(body).toMatchObject({ object: "account.compacted", account_id: client.account });
    expect(body.storage_bytes).toBeGreaterThan(0);
    expect(await dump(client)).toEqual(before);
    expect((await client.get("/search?q=walnut")).body.data).toEqual(found.body.data);
    await evictDurableObject(client.object);
  }
  const { body } = await client.ask("And on", { session_id: "s2" }, { at: NOW });
  expect(body).toMatchObject({ session_id: "s2" });
  expect((await client.get("/search?q=walnut")).body.data).toHaveLength(found.body.data.length);
});

it("takes no more room at the second time, its indexes aside", async () => {
  const client = await filledAccount();
  const fileBytes = () =>
    runInDurableObject(client.object, (_, { storage }) =>
      readValue(new Database(storage), "file_bytes"),
    );
  await compactAccount(client);
  const once = (await fileBytes()) ?? 0;
  const { body } = await compactAccount(client);
  // An account this small is a tenth indexes. What is not used again would be half as much once more.
  expect(await fileBytes()).toBeLessThan(once * 1.25);
  expect(once).toBeGreaterThanOrEqual(2 * body.storage_bytes);
});

it("changes nothing when it is cut off anywhere", async () => {
  const client = await filledAccount();
  const before = await dump(client);
  for (let commits = 0; commits < 7; commits += 1) {
    const cutOff = runInDurableObject(client.object, (_, { storage }) => {
      let left = commits;
      return compactFile(new Database(storage), async () => {
        if (left === 0) throw new Error("cut off");
        left -= 1;
        await storage.sync();
      });
    });
    await expect(cutOff).rejects.toThrow("cut off");
    await evictDurableObject(client.object);
    expect((await client.get("/sessions/s9/turns")).body.data).toHaveLength(1);
  }
  await compactAccount(client);
  expect(await dump(client)).toEqual(before);
});

it("knows how large the file became, whatever is written meanwhile, and goes again", async () => {
  const client = await filledAccount();
  for (const at of [1, 2, 3, 4]) {
    const [fileBytes, largest] = await runInDurableObject(client.object, async (_, { storage }) => {
      const db = new Database(storage);
      let commits = 0;
      let most = 0;
      await compactFile(db, async () => {
        commits += 1;
        if (commits === at) db.run("insert into account values ('guest', zeroblob(8000000))");
        await storage.sync();
        most = Math.max(most, db.usedBytes);
        if (commits === at + 1) db.run("delete from account where name = 'guest'");
      });
      return [readValue(db, "file_bytes") ?? 0, most];
    });
    expect(fileBytes, `at commit ${at}`).toBeGreaterThanOrEqual(largest);
  }
});

it("takes nothing of the quota of stored bytes, and leaves nothing that does where it is cut off", async () => {
  const client = await filledAccount();
  const storedBytes = async () => (await client.get("/storage-stats")).body.storage_bytes;
  const before = await storedBytes();
  const path = `/admin/accounts/${client.account}`;
  const quotas = { stored_bytes: Math.round(before * 1.4) };
  expect((await root.call("PATCH", path, { body: { quotas } })).status).toBe(200);
  const asked = Array.from({ length: 10 }, (_, n) =>
    client.ask(`Turn ${n}`, { session_id: "s10" }, { at: NOW }),
  );
  const [compacted, ...answers] = await Promise.all([compactAccount(client), ...asked]);
  expect(compacted.status).toBe(200);
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  const cutOff = runInDurableObject(client.object, (_, { storage }) =>
    compactFile(new Database(storage), () => Promise.reject(new Error("cut off"))),
  );
  await expect(cutOff).rejects.toThrow("cut off");
  await evictDurableObject(client.object);
  expect(await storedBytes()).toBeLessThan(before * 1.4);
  expect((await client.ask("And on", { session_id: "s10" }, { at: NOW })).status).toBe(200);
});

it("goes on answering in between", async () => {
  const client = await filledAccount();
  const asked = Array.from({ length: 20 }, (_, n) =>
    client.ask(`Turn ${n}`, { session_id: "s10" }, { at: NOW }),
  );
  const [compacted, ...answers] = await Promise.all([compactAccount(client), ...asked]);
  expect(compacted.status).toBe(200);
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  expect((await client.get("/sessions/s10/turns?limit=100")).body.data).toHaveLength(21);
});
