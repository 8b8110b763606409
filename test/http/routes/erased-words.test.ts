import { env } from "cloudflare:workers";
import { expect, it } from "vitest";

import { callDirectory, directoryOf } from "../../../src/directory/directory-client.ts";
import { Client } from "../../support/client.ts";
import { untilListed } from "../../support/until.ts";

/** When the directory has the account's next maintenance due. */
async function maintainedAt({ account, object }: Client): Promise<number> {
  await untilListed(object);
  const row = await callDirectory(env, directoryOf(account), (directory) =>
    directory.find(account),
  );
  return row?.maintain_at ?? Infinity;
}

const itemsOf = (client: Client) => client.get("/v1/conversations/s/items");
const callsOf = (client: Client) => client.get("/calls?session_id=s");

const linesOf = (id: string): string =>
  [
    { type: "session", format: 14, session_id: id, turns: 1 },
    { type: "turn", input: "pear", output: "Yes." },
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join("");

/** Each leaves other words in the search index, so that the index is not simply emptied. */
const ERASURES: [string, (client: Client) => Promise<string>][] = [
  ["a session", async () => "/sessions/s"],
  [
    "an item",
    async (client) => `/v1/conversations/s/items/${(await itemsOf(client)).body.data[0].id}`,
  ],
  ["a call", async (client) => `/calls/${(await callsOf(client)).body.data[0].call_id}`],
  [
    "one of two responses",
    async (client) =>
      `/v1/responses/${(await callsOf(client)).body.data[0].call_id.replace("call_", "resp_")}`,
  ],
  [
    "a session's only response",
    async (client) => {
      const input = "The pear is ripe";
      const { body } = await client.post("/v1/responses", { body: { input, model: "local" } });
      return `/v1/responses/${body.id}`;
    },
  ],
  ["a user", async () => "/users/u"],
  ["an import", async () => "/imports/i"],
];

it.each(ERASURES)(
  "has the maintenance due at once that takes what the index keeps of %s",
  async (_, pathOf) => {
    const client = new Client();
    await client.post("/import?import_id=i", { body: linesOf("imported") });
    for (const pear of ["pear", "another pear"])
      await client.ask(`Buy a ${pear}`, { session_id: "s", user_id: "u" });
    await client.ask("Keep the pear", { session_id: "stays" });
    const path = await pathOf(client);
    expect((await client.get("/search?q=pear")).body.data.length).toBeGreaterThan(3);
    expect(await maintainedAt(client)).toBeGreaterThan(Date.now());
    const { status } = await client.call("DELETE", path);
    expect([path, status]).toEqual([path, 200]);
    expect(await maintainedAt(client)).toBeLessThanOrEqual(Date.now());
  },
);
