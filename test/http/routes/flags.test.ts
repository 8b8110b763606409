import { afterEach, describe, expect, it } from "vitest";

import { Client, freshAccount } from "../../support/client.ts";
import { adminLog, root } from "../../support/keys.ts";

const STORAGE = "ENABLE_CONVERSATION_STORAGE";
const UNIFIED = "UNIFIED_CONVERSATION_ENABLED";

const put = (name: string, body: unknown) => root.call("PUT", `/admin/flags/${name}`, { body });
const reset = (name: string) => root.call("DELETE", `/admin/flags/${name}`);
const listed = async (name: string, client = root) =>
  (await client.get("/admin/flags")).body.data.find((flag: { name: string }) => flag.name === name);
const turnsOf = async (client: Client) => (await client.get("/storage-stats")).body.total_turns;

/** In an isolate of its own, which has read no flags yet: one keeps them for some seconds. */
const ofAnother = (account = freshAccount(), vars: object = {}) => new Client({ ...vars }, account);

// They are the deployment's, and so every test's.
afterEach(async () => {
  await reset(STORAGE);
  await reset(UNIFIED);
});

describe("a flag that an admin sets", () => {
  it("turns storage on for the next turn of listed accounts alone", async () => {
    const [inside, outside] = [ofAnother(), ofAnother()];
    const set = await put(STORAGE, { allow: [inside.account] });
    expect(set).toMatchObject({ status: 200, body: { name: STORAGE, source: "admin" } });
    const stored = await inside.ask("Hi", { session_id: "s" });
    expect(stored.body).toMatchObject({ stored: true, session_id: "s" });
    const { status, body } = await outside.ask("Hi", { session_id: "s" });
    expect([status, body.stored]).toEqual([200, false]);
    expect(body).not.toHaveProperty("session_id");
    expect([await turnsOf(inside), await turnsOf(outside)]).toEqual([1, 0]);
  });

  it("picks out one user of an account", async () => {
    const client = ofAnother();
    await put(UNIFIED, { allow: [`${client.account}/user-7`] });
    const turn = async (user_id?: string) =>
      (await client.ask("Hi", user_id === undefined ? {} : { user_id })).body.stored;
    expect([await turn("user-7"), await turn("user-8"), await turn()]).toEqual([true, false, true]);
    expect(await turnsOf(client)).toBe(2);
  });

  it("streams its answers too", async () => {
    const client = ofAnother();
    await put(STORAGE, {});
    const response = await client.fetch("POST", "/query", { body: { query: "Hi", stream: true } });
    const text = await response.text();
    expect(text).toContain('"stored":false');
    expect(text).not.toContain("session_id");
    expect(await turnsOf(client)).toBe(0);
  });

  it("gives a user the same answer each time, at any share", async () => {
    const account = freshAccount();
    await put(STORAGE, { percentage: 50 });
    const users = Array.from({ length: 12 }, (_, n) => `user-${n}`);
    const ask = () => {
      const client = ofAnother(account);
      return Promise.all(
        users.map(async (user_id) => (await client.ask("Hi", { user_id })).body.stored),
      );
    };
    const first = await ask();
    expect(await ask()).toEqual(first);
    await put(STORAGE, { percentage: 100 });
    expect(await ask()).toEqual(users.map(() => true));
  });

  it("goes back to the var", async () => {
    const account = freshAccount();
    const ask = () => ofAnother(account, { [STORAGE]: "false" }).ask("Hi");
    await put(STORAGE, { default: true });
    expect((await ask()).body.stored).toBe(true);
    expect(await reset(STORAGE)).toMatchObject({
      status: 200,
      body: { default: true, source: "var", changed_at: null },
    });
    expect((await ask()).body.stored).toBe(false);
    expect((await reset(STORAGE)).status).toBe(200);
  });
});

it("the list says what holds, and whose word it is", async () => {
  await put(STORAGE, { percentage: 12.5, allow: ["acme", "globex/user-7"] });
  expect(await listed(STORAGE)).toMatchObject({
    object: "flag",
    governs: expect.stringContaining("stored"),
    default: false,
    allow: ["acme", "globex/user-7"],
    percentage: 12.5,
    source: "admin",
    changed_at: expect.stringMatching(/^\d{4}-/),
  });
  const open = new Client({ [UNIFIED]: "10%" });
  expect(await listed(UNIFIED, open)).toMatchObject({
    default: false,
    percentage: 10,
    source: "var",
    changed_at: null,
  });
});

it("the admin log has what was set, and what was taken back", async () => {
  await put(UNIFIED, { percentage: 1 });
  await reset(UNIFIED);
  const entries = (await adminLog()).filter(({ target }) => target === UNIFIED);
  const set = entries.findIndex(({ details }) => details["percentage"] === 1);
  expect(entries[set]).toMatchObject({ action: "flag.set", actor: "root" });
  expect(entries[set + 1]).toMatchObject({ action: "flag.reset", actor: "root" });
});

it.each([
  ["PUT", { default: true }],
  ["DELETE", undefined],
])("%s of a flag that is none names those that are", async (method, body) => {
  const { status, body: problem } = await root.call(method, "/admin/flags/ENABLE_MAGIC", { body });
  expect([status, problem.code]).toEqual([404, "flag_not_found"]);
  expect(problem.detail).toContain(`${STORAGE}, ${UNIFIED}`);
});

it.each<[unknown, string | null]>([
  ["true", null],
  [[], null],
  [{ percent: 10 }, "percent"],
  [{ default: "true" }, "default"],
  [{ percentage: 100.01 }, "percentage"],
  [{ percentage: -1 }, "percentage"],
  [{ percentage: 0.001 }, "percentage"],
  [{ percentage: "10%" }, "percentage"],
  [{ allow: "acme" }, "allow"],
  [{ allow: [7] }, "allow.0"],
  [{ allow: ["acme", "acme/"] }, "allow.1"],
  [{ allow: ["acme/user/7"] }, "allow.0"],
  [{ allow: Array.from({ length: 1_001 }, (_, n) => `a${n}`) }, "allow"],
])("is not set to %j", async (body, param) => {
  const refused = await put(STORAGE, body);
  expect([refused.status, refused.body.code]).toEqual([422, "invalid_request"]);
  expect(refused.body.param ?? null).toBe(param);
  expect((await listed(STORAGE)).source).toBe("var");
});

describe("when the directory is away", () => {
  const DIRECTORY = {
    getByName: () => {
      throw new Error("away");
    },
  };

  it("turns go by the vars", async () => {
    await put(STORAGE, {});
    const account = freshAccount();
    const on = new Client({ DIRECTORY }, account);
    expect((await on.ask("Hi")).body.stored).toBe(true);
    await put(STORAGE, { default: true });
    const off = new Client({ DIRECTORY, [STORAGE]: "false" }, account);
    expect((await off.ask("Hi")).body.stored).toBe(false);
    expect(await turnsOf(on)).toBe(1);
  });

  it("flags are neither listed nor set", async () => {
    const client = new Client({ DIRECTORY });
    const list = await client.get("/admin/flags");
    const set = await client.call("PUT", `/admin/flags/${STORAGE}`, { body: {} });
    expect([list.status, set.status, set.body.code]).toEqual([503, 503, "storage_unavailable"]);
  });
});
