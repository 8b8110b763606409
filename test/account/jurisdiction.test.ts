import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { bucketsOf } from "../../src/account/archive/storage/buckets.ts";
import { ACCOUNT_ID_PATTERN, ID_PATTERN, jurisdictionOf } from "../../src/shared/ids.ts";
import { Client, freshAccount } from "../support/client.ts";

const ROOT_KEY = "a-root-key-of-more-than-32-characters-for-this-test";

/** Cloudflare's namespace of objects, as far as it matters here: workerd has no jurisdictions. */
function withJurisdictions() {
  const called: (string | null)[] = [];
  const under = (jurisdiction: string | null) => ({
    getByName: (name: string) => {
      called.push(jurisdiction);
      return env.CONVERSATIONS.getByName(name);
    },
  });
  return { called, CONVERSATIONS: { ...under(null), jurisdiction: under } };
}

const eu = () => {
  const { called, CONVERSATIONS } = withJurisdictions();
  return { called, client: new Client({ CONVERSATIONS }, `${freshAccount()}~eu`) };
};

/** Whether the answer came from the cache. */
const ask = (client: Client) =>
  client.ask("What are your hours?", { assistant: "support" }).then(({ body }) => body.cached);

describe("an account's id", () => {
  it("says where its data stays", () => {
    const ids = ["acme", "acme~eu", "acme~us", "acme@eu", "eu"];
    expect(ids.map(jurisdictionOf)).toEqual([null, "eu", "us", null, null]);
    expect(ids.filter((id) => ACCOUNT_ID_PATTERN.test(id))).toEqual(ids);
  });

  it("takes no other ending, and no id of a session takes one", () => {
    const wrong = ["~eu", "acme~", "acme~fr", "acme~EU", "acme~eu~us", "acme~eu\n", "a~eu/b"];
    expect(wrong.filter((id) => ACCOUNT_ID_PATTERN.test(id))).toEqual([]);
    expect(ACCOUNT_ID_PATTERN.test(`${"a".repeat(125)}~eu`)).toBe(true);
    expect(ACCOUNT_ID_PATTERN.test(`${"a".repeat(126)}~eu`)).toBe(false);
    expect(ID_PATTERN.test("session~eu")).toBe(false);
  });
});

describe("an account of a jurisdiction", () => {
  it("is reached in its jurisdiction by every call, and another account in none", async () => {
    const { called, client } = eu();
    expect((await client.ask("Hello", { session_id: "s" })).status).toBe(200);
    expect((await client.get("/sessions/s/turns")).body.data).toHaveLength(1);
    expect((await client.post("/sessions/s/archive")).status).toBe(200);
    expect((await client.get("/archives/s")).status).toBe(200);
    const body = { retention_days: 7 };
    const changed = await client.call("PATCH", `/admin/accounts/${client.account}`, { body });
    expect(changed.status).toBe(200);
    expect(called.length).toBeGreaterThan(4);
    expect(new Set(called)).toEqual(new Set(["eu"]));
    const others = withJurisdictions();
    await new Client({ CONVERSATIONS: others.CONVERSATIONS }).ask("Hello");
    expect(new Set(others.called)).toEqual(new Set([null]));
  });

  it("has its archives in the bucket that is bound for it, and no copies", () => {
    const [eastern, western, replica] = [{}, {}, {}] as unknown as [R2Bucket, R2Bucket, R2Bucket];
    const bindings = { ...env, ARCHIVE_EU: eastern, ARCHIVE_REPLICA: replica };
    expect(bucketsOf(bindings, "acme~eu")).toEqual({ primary: eastern, replica: undefined });
    expect(bucketsOf({ ...bindings, ARCHIVE_US: western }, "acme~us").primary).toBe(western);
    expect(bucketsOf(bindings, "acme~us")).toEqual({ primary: env.ARCHIVE, replica: undefined });
    expect(bucketsOf(bindings, "acme")).toEqual({ primary: env.ARCHIVE, replica });
  });

  it("has no answer in KV, which has no jurisdictions", async () => {
    const { client } = eu();
    expect([await ask(client), await ask(client)]).toEqual([undefined, undefined]);
    const other = new Client();
    expect([await ask(other), await ask(other)]).toEqual([undefined, true]);
  });

  it("keeps it, and is told why", async () => {
    const { client } = eu();
    await client.ask("Hello");
    const path = `/admin/accounts/${client.account}`;
    const change = (jurisdiction: string | null) =>
      client.call("PATCH", path, { body: { jurisdiction } });
    expect((await change("eu")).body).toMatchObject({ jurisdiction: "eu" });
    const refused = await change("us");
    expect([refused.status, refused.body.code]).toEqual([409, "jurisdiction_fixed"]);
    expect(refused.body.detail).toContain(client.account.replace("~eu", "~us"));
    expect((await change(null)).status).toBe(409);
    expect((await change("fr")).status).toBe(422);
    const plain = new Client();
    await plain.ask("Hello");
    const made = await plain.call("PATCH", `/admin/accounts/${plain.account}`, {
      body: { jurisdiction: "eu" },
    });
    expect(made.body.detail).toContain(`${plain.account}~eu`);
  });

  it("is refused where the runtime has no jurisdictions, unless in development", async () => {
    const account = `${freshAccount()}~eu`;
    expect((await new Client({}, account).ask("Hello")).status).toBe(200);
    const locked = new Client({ AUTH: "keys", ROOT_KEY, DEV_CLOCK: "off" }, account, ROOT_KEY);
    const refused = await locked.get(`/sessions?accountId=${encodeURIComponent(account)}`);
    expect([refused.status, refused.body.code]).toEqual([503, "storage_unavailable"]);
  });
});
