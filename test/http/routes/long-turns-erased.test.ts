import { afterEach, expect, it, vi } from "vitest";

import { PART_LENGTH } from "../../../src/account/store/turns/search-parts.ts";
import { Database } from "../../../src/sqlite/database.ts";
import { Client } from "../../support/client.ts";

const LONG = Array.from({ length: 12_000 }, (_none, n) => `w${String(n).padStart(6, "0")}`);
const TEXT = LONG.join(" ");
const PATH = "/v1/conversations";

afterEach(() => void vi.restoreAllMocks());

const found = async (client: Client, word: string) =>
  (await client.get(`/search?q=${word}`)).body.data.length;

/** By the turn of the event loop: how much text of the long turn leaves the index, in UTF-16 units. */
function lengthsTaken(): number[] {
  const taken = [0];
  // oxlint-disable-next-line typescript/unbound-method -- it is applied to the database
  const all = Database.prototype.all;
  vi.spyOn(Database.prototype, "all").mockImplementation(function (
    this: Database,
    sql,
    ...params
  ): never[] {
    const text = params.filter((one) => typeof one === "string").join("");
    // A word of the text: other indexes are beside this one.
    if (sql.startsWith("insert into turn_search (turn_search, rowid") && text.includes("w00"))
      taken[taken.length - 1]! += text.length;
    return all.call(this, sql, ...params) as never[];
  });
  const wait = scheduler.wait.bind(scheduler);
  vi.spyOn(scheduler, "wait").mockImplementation(async (ms) => {
    taken.push(0);
    await wait(ms);
  });
  return taken;
}

/** Each writes a long turn, and gives what erases it. */
const ERASED: Record<string, (client: Client) => Promise<string>> = {
  "an item of a conversation": async (client) => {
    const { id } = (await client.post(PATH, { body: {} })).body;
    const items = [{ type: "message", role: "user", content: TEXT }];
    const { body } = await client.post(`${PATH}/${id}/items`, { body: { items } });
    return `${PATH}/${id}/items/${body.data[0].id}`;
  },
  "a response": async (client) => {
    const first = await client.post("/v1/responses", { body: { input: "Hi" } });
    const body = { input: TEXT, previous_response_id: first.body.id };
    return `/v1/responses/${(await client.post("/v1/responses", { body })).body.id}`;
  },
  "a call": async (client) => {
    const request = { model: "m", messages: [{ role: "user", content: TEXT }] };
    const response = { choices: [{ message: { role: "assistant", content: "Yes." } }] };
    const body = { call_id: "c", session_id: "s", request, response };
    await client.post("/calls", { body });
    return "/calls/c";
  },
};

it.each(Object.keys(ERASED))("%s leaves the search index a part at a time", async (name) => {
  const client = new Client();
  const path = await ERASED[name]!(client);
  expect(await found(client, LONG.at(-1)!)).toBe(1);
  const taken = lengthsTaken();
  expect((await client.call("DELETE", path)).status).toBeLessThan(300);
  expect(Math.max(...taken)).toBeLessThanOrEqual(PART_LENGTH);
  expect(taken.filter((length) => length > 0).length).toBeGreaterThan(4);
  for (const word of [LONG[0]!, LONG.at(-1)!]) expect(await found(client, word)).toBe(0);
});
