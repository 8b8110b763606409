import { describe, expect, it } from "vitest";

import { parseCallId } from "../../../src/shared/ids.ts";
import { Client } from "../../support/client.ts";

const lines = { "content-type": "application/x-ndjson" };

/** Merges a turn from long before into a session. */
async function mergeOlder(client: Client, session_id: string, id = "older"): Promise<void> {
  const at = "2020-01-01T00:00:00.000Z";
  const session = { type: "session", format: 7, session_id, created_at: at, turns: 1 };
  const turn = { type: "turn", created_at: at, input: "An older question", output: "Older." };
  const { body } = await client.post(`/import?on_conflict=merge&import_id=${id}`, {
    body: [session, turn].map((line) => JSON.stringify(line)).join("\n"),
    headers: lines,
  });
  expect(body).toMatchObject({ merged: 1, turns_written: 1 });
}

const inputs = async (client: Client, id: string): Promise<unknown[]> =>
  (await client.get(`/sessions/${id}/turns`)).body.data.map(
    ({ input }: { input: unknown }) => input,
  );

describe("ids that were told before a merge", () => {
  it.each(["live", "archived"])("name their turns after it: the session is %s", async (state) => {
    const client = new Client();
    const key = { headers: { "idempotency-key": "k" } };
    const first = await client.ask("My name is Ann", { session_id: "s" }, key);
    const second = await client.ask("What is my name?", { session_id: "s" });
    const messages = (await client.get("/sessions/s/messages")).body.data;
    if (state === "archived") await client.post("/sessions/s/archive");
    await mergeOlder(client, "s");
    for (const { body } of [first, second])
      expect((await client.get(`/calls/${body.call_id}`)).body.call_id).toBe(body.call_id);
    const events = await client.get(`/calls/${second.body.call_id}/events`);
    expect(JSON.stringify(events.body)).toContain("What is my name?");
    expect((await client.get("/sessions/s/messages")).body.data.slice(0, 4)).toEqual(messages);
    const replay = await client.ask("My name is Ann", { session_id: "s" }, key);
    expect(replay.body).toEqual(first.body);
    expect(await inputs(client, "s")).toEqual([
      "My name is Ann",
      "What is my name?",
      "An older question",
    ]);
    const next = await client.ask("And now?", { session_id: "s" });
    expect((await inputs(client, "s")).at(-1)).toBe("And now?");
    expect(next.body.call_id).not.toBe(second.body.call_id);
  });

  it("delete the right response, and a replay answers the same id", async () => {
    const client = new Client();
    const post = (input: string, headers = {}) =>
      client.post("/v1/responses", {
        body: { model: "local", input, conversation: "conv_1" },
        headers,
      });
    await client.ask("Hello", { session_id: "conv_1" });
    const key = { "idempotency-key": "k" };
    const kept = await post("Keep me", key);
    const gone = await post("Delete me");
    await mergeOlder(client, "conv_1");
    expect((await post("Keep me", key)).body.id).toBe(kept.body.id);
    expect((await client.get(`/v1/responses/${gone.body.id}`)).body.output).toEqual(
      gone.body.output,
    );
    expect((await client.call("DELETE", `/v1/responses/${gone.body.id}`)).status).toBe(200);
    expect((await client.get(`/v1/responses/${gone.body.id}`)).status).toBe(404);
    expect((await client.get(`/v1/responses/${kept.body.id}`)).body.output).toEqual(
      kept.body.output,
    );
  });

  it("delete the right response of a chain, with its words", async () => {
    const client = new Client();
    const post = (input: string, previous_response_id?: string) =>
      client.post("/v1/responses", { body: { model: "local", input, previous_response_id } });
    const first = await post("Keep me");
    const second = await post("Delete me", first.body.id);
    const [{ session_id }] = (await client.get("/calls")).body.data;
    await mergeOlder(client, session_id);
    await client.call("DELETE", `/v1/responses/${second.body.id}`);
    expect(await inputs(client, session_id)).toEqual(["Keep me", [], "An older question"]);
    expect((await client.get(`/v1/responses/${first.body.id}`)).status).toBe(200);
  });

  it.each(["at once", "archived in between"])(
    "name no other turn after an undo: %s",
    async (when) => {
      const client = new Client();
      const first = await client.ask("My name is Ann", { session_id: "s" });
      await mergeOlder(client, "s", "i1");
      const [, older] = (await client.get("/sessions/s/turns")).body.data;
      const gone = async () => (await client.get(`/calls/${older.call_id}`)).status;
      expect(await gone()).toBe(200);
      expect((await client.call("DELETE", "/imports/i1")).body.complete).toBe(true);
      expect(await gone()).toBe(404);
      if (when !== "at once") await client.post("/sessions/s/archive");
      const next = await client.ask("What is my name?", { session_id: "s" });
      expect([older.call_id, first.body.call_id]).not.toContain(next.body.call_id);
      expect(await gone()).toBe(404);
      const written = await client.post("/calls", { body: { call_id: "x", session_id: "s" } });
      expect(written.status).toBe(201);
      expect((await client.get("/sessions/s")).body.turns).toBe(3);
      expect(await inputs(client, "s")).toHaveLength(3);
      await mergeOlder(client, "s", "i2");
      await client.call("DELETE", "/imports/i2");
      const seqs = async () =>
        (await client.get("/sessions/s/turns")).body.data.map(
          ({ call_id }: { call_id: string }) => (parseCallId(call_id) ?? 0) % 2 ** 20,
        );
      expect(await seqs()).toEqual([1, 3, 4]);
      await mergeOlder(client, "s", "i3");
      expect(await seqs()).toEqual([1, 3, 4, 6]);
      expect((await client.get("/sessions/s")).body.turns).toBe(4);
    },
  );
});
