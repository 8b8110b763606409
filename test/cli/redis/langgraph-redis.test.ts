import { expect, test } from "vitest";

import { redisSource } from "../../../src/cli/redis/redis-source.ts";
import found from "../../fixtures/sources/langgraph-redis.json" with { type: "json" };
import { conversationsIn, problemsIn, readAll, spoken } from "../../support/found.ts";
import { LANGGRAPH_SAID } from "../programs/langgraph-said.ts";
import { redisJsonOf } from "./redis-json.ts";

async function saidIn(documents: Record<string, string>) {
  const url = await redisJsonOf(documents);
  const all = await readAll(redisSource({ url, kinds: ["langgraph"] }));
  expect(problemsIn(all)).toEqual([]);
  const read = [...conversationsIn(all).values()];
  return {
    read,
    said: Object.fromEntries(
      read.map(({ session, turns }) => [
        session.metadata?.["source_session_id"] ?? session.session_id,
        spoken(turns),
      ]),
    ),
  };
}

test("threads of LangGraph's Redis checkpointer 1.0.11: the newest checkpoint has the history", async () => {
  const { said, read } = await saidIn(found);
  expect(said).toEqual(LANGGRAPH_SAID);
  const one = read.find(({ session }) => session.session_id === "t-1");
  const [created, accessed] = [one?.session.created_at ?? "", one?.session.accessed_at ?? ""];
  expect(created < accessed).toBe(true);
  expect(one?.session.metadata).toMatchObject({ source: "langgraph", key: "checkpoint:t-1::" });
});

test("messages that the newest checkpoint does not have are in the key of their version", async () => {
  const keys = Object.keys(found).filter((key) => key.startsWith("checkpoint:t-1::"));
  const newest = keys.toSorted().at(-1) ?? "";
  const document = JSON.parse((found as Record<string, string>)[newest] ?? "");
  document.checkpoint.channel_values = {};
  const { said } = await saidIn({ ...found, [newest]: JSON.stringify(document) });
  expect(said).toEqual(LANGGRAPH_SAID);
});

test("graphs inside the graph, and keys of other programs, are no threads", async () => {
  const url = await redisJsonOf({ "checkpoint:t:inner:1": "{}", "checkpoint:x::1": '{"a":1}' });
  const all = await readAll(redisSource({ url, kinds: ["langgraph"] }));
  expect(problemsIn(all)).toEqual(["The key checkpoint:x:: is no checkpoint of LangGraph."]);
  expect(all).toHaveLength(1);
});
