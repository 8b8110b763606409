import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";

import { Client, DAY } from "../../../support/client.ts";

const NOW = Date.UTC(2026, 10, 1);
const SENT = "Rain in Oslo, and in Ber";
const ndjson = { "content-type": "application/x-ndjson" };

/** A conversation whose last answer lost its worker after it had sent {@link SENT}. */
async function withLostAnswer(): Promise<{ client: Client; session: string; response: string }> {
  const client = new Client();
  const conversation = await client.post("/v1/conversations", { body: {}, at: NOW });
  const session: string = conversation.body.id;
  const ask = (input: string) =>
    client.post("/v1/responses", {
      body: { model: "local", input, conversation: session },
      at: NOW,
    });
  await ask("Hello");
  const asked = await ask("How is the weather?");
  await runInDurableObject(client.object, (_, { storage }) => {
    const [last] = storage.sql.exec<{ id: number }>("select max(id) as id from turns").toArray();
    storage.sql.exec(
      `update turns set status = 0, output = null, duration_ms = null,
       extra = json_set(coalesce(extra, '{}'), '$.response', json('{}')) where id = ?`,
      last!.id,
    );
    const pieces = JSON.stringify([
      { type: "text", delta: SENT.slice(0, 9) },
      { type: "text", delta: SENT.slice(9) },
    ]);
    storage.sql.exec("insert into streamed_pieces values (?, 0, ?)", last!.id, pieces);
  });
  await evictDurableObject(client.object);
  return { client, session, response: asked.body.id };
}

/** All that readers see of the conversation. */
async function seen({ client, session, response }: Awaited<ReturnType<typeof withLostAnswer>>) {
  const at = NOW + DAY;
  const messages = await client.get(`/sessions/${session}/messages`, { at });
  const read = await client.get(`/v1/responses/${response}`, { at });
  const call = await client.get(`/calls/${response.replace("resp_", "call_")}`, { at });
  return { messages: messages.body.data, response: read.body, call: call.body };
}

it("keeps what a lost worker had sent of an answer through archive, restore and export", async () => {
  const lost = await withLostAnswer();
  const { client, session } = lost;
  const live = await seen(lost);
  expect(live.response).toMatchObject({ status: "failed" });
  expect(JSON.stringify(live.response)).toContain(SENT);
  expect(JSON.stringify(live.messages)).toContain(SENT);
  const exported = await client.fetch("GET", "/export", { at: NOW + DAY });
  const file = await exported.text();
  expect(file).toContain(SENT);

  const archived = await client.post(`/sessions/${session}/archive`, { at: NOW + DAY });
  expect(archived.status).toBe(200);
  await evictDurableObject(client.object);
  expect((await seen(lost)).messages).toEqual(live.messages);
  expect((await client.post(`/archives/${session}/restore`, { at: NOW + DAY })).status).toBe(200);
  expect(await seen(lost)).toEqual(live);

  const other = new Client();
  await other.fetch("POST", "/import", { body: file, headers: ndjson, at: NOW + DAY });
  const brought = await other.get(`/sessions/${session}/messages`, { at: NOW + DAY });
  expect(brought.body.data.at(-1)).toMatchObject({ role: "assistant" });
  expect(JSON.stringify(brought.body.data.at(-1))).toContain(SENT);
});
