import { afterAll, beforeAll, expect, test } from "vitest";

import type { TurnLine } from "../../../src/account/archive/format/format.ts";
import { connect } from "../../../src/cli/client.ts";
import { filesSource } from "../../../src/cli/files/files.ts";
import { redisSource } from "../../../src/cli/redis/redis-source.ts";
import type { Source } from "../../../src/cli/source.ts";
import { sqliteSource } from "../../../src/cli/sql/sql-source.ts";
import { upload } from "../../../src/cli/upload.ts";
import agents from "../../fixtures/sources/agents.json" with { type: "json" };
import botbuilder from "../../fixtures/sources/botbuilder.json" with { type: "json" };
import coding from "../../fixtures/sources/coding-agents.json" with { type: "json" };
import langgraphRedis from "../../fixtures/sources/langgraph-redis.json" with { type: "json" };
import langgraph from "../../fixtures/sources/langgraph.json" with { type: "json" };
import mastra from "../../fixtures/sources/mastra.json" with { type: "json" };
import openWebUi from "../../fixtures/sources/open-webui.json" with { type: "json" };
import uiMessages from "../../fixtures/sources/ui-messages.json" with { type: "json" };
import { freshStorage, startServer } from "../../journeys/server.ts";
import type { Server } from "../../journeys/server.ts";
import { conversationsIn, readAll, spoken } from "../../support/found.ts";
import { saved } from "../files/found.ts";
import { redisJsonOf } from "../redis/redis-json.ts";
import { sqliteOf } from "../sql/fixtures.ts";

let colloquy: Server;
beforeAll(async () => {
  colloquy = await startServer(freshStorage());
});
afterAll(() => colloquy.stop());

const session = async (
  kind: "codex" | "gemini-cli",
  files: Record<string, readonly string[]>,
): Promise<() => Source> => {
  const path = await saved("session.jsonl", Object.values(files).flat().join("\n"));
  return () => filesSource(kind, path);
};
const file = async (kind: "openai" | "bot-framework", value: unknown): Promise<() => Source> => {
  const path = await saved("chat.json", JSON.stringify(value));
  return () => filesSource(kind, path);
};
const sqlite = async (dump: Parameters<typeof sqliteOf>[0]): Promise<() => Source> => {
  const url = await sqliteOf(dump);
  return () => sqliteSource({ url });
};
const redis = async (documents: Record<string, string>): Promise<() => Source> => {
  const url = await redisJsonOf(documents);
  return () => redisSource({ url, kinds: ["langgraph"] });
};
const chats = openWebUi.chats.map((chat) => ({ ...chat, chat: JSON.stringify(chat.chat) }));

/** A turn of one plain message has its bare text. */
const wordsOf = (turns: readonly TurnLine[]): string[] =>
  spoken(turns).map((words) => words.replace(/^([<>]) (?:user|assistant): /, "$1 "));

test.each<[string, () => Promise<() => Source>]>([
  ["ai-sdk", () => file("openai", { id: "c", messages: uiMessages.messages })],
  ["openai-agents", () => file("openai", { session_id: "s", ...agents })],
  ["bot-framework", () => file("bot-framework", botbuilder.memory)],
  ["codex", () => session("codex", coding.codex)],
  ["gemini-cli", () => session("gemini-cli", coding.gemini)],
  ["opencode", () => sqlite(coding.opencode)],
  ["langgraph", () => sqlite(langgraph.sqlite)],
  ["langgraph-redis", () => redis(langgraphRedis)],
  ["mastra", () => sqlite(mastra)],
  [
    "open-webui",
    () =>
      sqlite({
        schema: openWebUi.schema,
        tables: { chat: chats, chat_message: openWebUi.messages },
      }),
  ],
])("what %s wrote is imported, exported, and the same", async (account, open) => {
  const source = await open();
  const wanted = conversationsIn(await readAll(source()));
  expect(wanted.size).toBeGreaterThan(0);
  const client = connect({ to: new URL(colloquy.url), key: undefined, account }, () => undefined);
  const options = {
    dryRun: false,
    onConflict: "skip" as const,
    importId: "i",
    resume: false,
    source: account,
  };
  const watch = { onFound: () => undefined, onSent: () => undefined };
  const again = { ...options, importId: "again" };
  const done = await upload(client, source(), options, watch);
  expect(done.report).toMatchObject({
    created: wanted.size,
    reconciliation: { sessions: wanted.size, differing: [] },
  });
  const lines = (await (await fetch(`${colloquy.url}/export?account_id=${account}`)).text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { type: string; session_id: string });
  const found = new Map<string, TurnLine[]>();
  for (const line of lines)
    if (line.type === "session") found.set(line.session_id, []);
    else if (line.type === "turn") [...found.values()].at(-1)?.push(line as unknown as TurnLine);
  for (const [id, { turns }] of wanted)
    expect(wordsOf(found.get(id) ?? [])).toEqual(wordsOf(turns));
  expect((await upload(client, source(), again, watch)).report).toMatchObject({
    created: 0,
    unchanged: wanted.size,
  });
});
