import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

import { expect, onTestFinished, test } from "vitest";

import { redisSource } from "../../../src/cli/redis/redis-source.ts";
import found from "../../fixtures/sources/langgraph-redis.json" with { type: "json" };
import { conversationsIn, problemsIn, readAll, spoken } from "../../support/found.ts";

const bulk = (text: string) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const list = (texts: string[]) => `*${texts.length}\r\n${texts.map(bulk).join("")}`;

/** A stand-in for a Redis with RedisJSON: it has documents, and answers what the reader asks. */
async function redisOf(documents: Record<string, string>): Promise<string> {
  const answer = ([name = "", ...args]: string[]): string => {
    const [key = ""] = args;
    const value = documents[key];
    if (name === "SCAN") {
      const pattern = (args[args.indexOf("MATCH") + 1] ?? "").replaceAll("*", ".*");
      const keys = Object.keys(documents).filter((each) => new RegExp(`^${pattern}$`).test(each));
      return `*2\r\n${bulk("0")}${list(keys)}`;
    }
    if (name === "TYPE") return `+${value === undefined ? "none" : "ReJSON-RL"}\r\n`;
    if (name === "PEXPIRETIME") return ":-1\r\n";
    if (name === "JSON.GET") return value === undefined ? "$-1\r\n" : bulk(value);
    return "+OK\r\n";
  };
  const server = createServer((socket) => {
    let sent = "";
    socket.setEncoding("latin1");
    socket.on("data", (piece) => {
      sent += String(piece);
      for (;;) {
        const [whole, args] = commandIn(sent);
        if (args === null) return;
        sent = sent.slice(whole);
        socket.write(answer(args.map((text) => Buffer.from(text, "latin1").toString())));
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The first command of what was sent, and its length; null where it is not whole. */
function commandIn(sent: string): [length: number, args: string[] | null] {
  const head = /^\*(\d+)\r\n/.exec(sent);
  if (!head) return [0, null];
  let at = head[0].length;
  const args: string[] = [];
  for (let left = Number(head[1]); left > 0; left -= 1) {
    const size = /^\$(\d+)\r\n/.exec(sent.slice(at));
    if (!size) return [0, null];
    at += size[0].length;
    const end = at + Number(size[1]);
    if (sent.length < end + 2) return [0, null];
    args.push(sent.slice(at, end));
    at = end + 2;
  }
  return [at, args];
}

const SAID = {
  "t-1": [
    "> user: Hello",
    "< assistant: You said: Hello",
    "> user: Is it raining in Kraków?",
    "< assistant: Let me look.",
    '< weather({"city":"Kraków"})',
    "< = Rain.",
    "< assistant: Yes.",
  ],
  "t 2": ["> user: Hi", "< assistant: You said: Hi"],
};

async function saidIn(documents: Record<string, string>) {
  const url = await redisOf(documents);
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
  expect(said).toEqual(SAID);
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
  expect(said).toEqual(SAID);
});

test("graphs inside the graph, and keys of other programs, are no threads", async () => {
  const url = await redisOf({ "checkpoint:t:inner:1": "{}", "checkpoint:x::1": '{"a":1}' });
  const all = await readAll(redisSource({ url, kinds: ["langgraph"] }));
  expect(problemsIn(all)).toEqual(["The key checkpoint:x:: is no checkpoint of LangGraph."]);
  expect(all).toHaveLength(1);
});
