import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";

import { Client, freshAccount } from "../../support/client.ts";
import { LOCKED, adminLog, keyHolder, root } from "../../support/keys.ts";

const ALL = ["query", "read", "manage"];

const issue = (client: Client, account_id: string, scopes: string[], more: object = {}) =>
  client.post("/admin/keys", { body: { account_id, scopes, ...more } });

describe("an admin key", () => {
  it("without grants issues no key, neither for its own account nor for another", async () => {
    const { id, client } = await keyHolder(["admin", "read"]);
    for (const account of [client.account, freshAccount()])
      for (const scopes of [ALL, ["read"]])
        expect(await issue(client, account, scopes)).toMatchObject({
          status: 403,
          body: { code: "forbidden", param: "scopes" },
        });
    const read = await keyHolder(["read"], client.account);
    expect(await client.post(`/admin/keys/${read.id}/rotate`)).toMatchObject({ status: 403 });
    expect((await read.client.get("/sessions")).status).toBe(200);
    const { body } = await root.get(`/admin/keys?account_id=${client.account}`);
    expect(body.data).toHaveLength(2);
    expect(body.data.find((key: { id: string }) => key.id === id)).toMatchObject({ grants: null });
  });

  it("issues keys of the scopes and accounts in its grants, and no others", async () => {
    const [one, two, other] = [freshAccount(), freshAccount(), freshAccount()];
    const grants = { scopes: ["query", "read", "read"], accounts: [one, two] };
    const { id, client } = await keyHolder(["admin"], freshAccount(), { grants });
    const issued = await issue(client, two, ["read"], { name: "two" });
    expect(issued).toMatchObject({ status: 201, body: { scopes: ["read"], grants: null } });
    expect((await new Client(LOCKED, two, issued.body.key).get("/sessions")).status).toBe(200);
    expect((await issue(client, two, ["read", "manage"])).body.param).toBe("scopes");
    expect((await issue(client, other, ["read"])).body.param).toBe("account_id");
    expect((await issue(client, client.account, ["read"])).body.param).toBe("account_id");
    const rotate = (key: { id: string }) => client.post(`/admin/keys/${key.id}/rotate`);
    expect((await rotate(await keyHolder(["query"], one))).status).toBe(201);
    expect((await rotate(await keyHolder(["manage"], one))).status).toBe(403);
    expect((await rotate(await keyHolder(["query"], other))).status).toBe(403);
    const entries = await adminLog();
    expect(entries.filter(({ target }) => target === id)).toMatchObject([
      {
        action: "key.create",
        actor: "root",
        details: { scopes: ["admin"], grants: { scopes: ["query", "read"], accounts: [one, two] } },
      },
    ]);
    expect(entries.filter(({ actor }) => actor === id).map(({ action }) => action)).toEqual([
      "key.create",
      "key.rotate",
    ]);
  });

  it("is given grants later, and loses them again", async () => {
    const { id, client } = await keyHolder(["admin"]);
    const set = (grants: unknown, by: Client = root) =>
      by.call("PATCH", `/admin/keys/${id}`, { body: { grants } });
    const all = { scopes: ALL, accounts: "*" };
    expect(await set(all, client)).toMatchObject({ status: 403, body: { param: "grants" } });
    expect(await set(all)).toMatchObject({ status: 200, body: { id, grants: all } });
    expect((await issue(client, freshAccount(), ALL)).status).toBe(201);
    const rotated = await root.post(`/admin/keys/${id}/rotate`);
    expect(rotated.body).toMatchObject({ grants: all, rotated_from: { grants: all } });
    expect((await set(null)).body.grants).toBeNull();
    expect((await issue(client, freshAccount(), ["read"])).status).toBe(403);
    const entries = (await adminLog()).filter(({ action }) => action === "key.grant");
    expect(entries.filter(({ target }) => target === id)).toMatchObject([
      { actor: "root", details: { grants: all } },
      { actor: "root", details: { grants: null } },
    ]);
  });

  it("from before grants has none", async () => {
    const { id, client } = await keyHolder(["admin"], freshAccount());
    await runInDurableObject(client.object, (_, { storage: { sql } }) => {
      expect(sql.exec("select grants from keys where id = ?", id).one()).toEqual({ grants: null });
      // Its row is lost with the object's storage. The signature still holds.
      sql.exec("delete from keys where id = ?", id);
    });
    expect((await issue(client, freshAccount(), ["read"])).status).toBe(403);
  });
});

describe("grants", () => {
  it.each([
    [{ scopes: ["admin"], accounts: "*" }, "grants.scopes.0"],
    [{ scopes: [], accounts: "*" }, "grants.scopes"],
    [{ scopes: ["read"], accounts: [] }, "grants.accounts"],
    [{ scopes: ["read"], accounts: ["*"] }, "grants.accounts.0"],
    [{ scopes: ["read"] }, "grants.accounts"],
    ["all", "grants"],
  ])("are not %j", async (grants, param) => {
    const more = { grants };
    expect(await issue(root, freshAccount(), ["admin"], more)).toMatchObject({
      status: 422,
      body: { param },
    });
  });

  it("go with the scope admin only", async () => {
    const grants = { scopes: ["read"], accounts: "*" };
    const refused = { status: 422, body: { param: "grants" } };
    expect(await issue(root, freshAccount(), ["read"], { grants })).toMatchObject(refused);
    const { id } = await keyHolder(["read"]);
    expect(await root.call("PATCH", `/admin/keys/${id}`, { body: { grants } })).toMatchObject(
      refused,
    );
    expect(await root.call("PATCH", "/admin/keys/key_none.0", { body: { grants } })).toMatchObject({
      status: 404,
      body: { code: "key_not_found" },
    });
  });
});
