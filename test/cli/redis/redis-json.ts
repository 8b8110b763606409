import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

import { onTestFinished } from "vitest";

const bulk = (text: string) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const list = (texts: string[]) => `*${texts.length}\r\n${texts.map(bulk).join("")}`;

/** A stand-in for a Redis with RedisJSON: it has documents, and answers what the reader asks. */
export async function redisJsonOf(documents: Record<string, string>): Promise<string> {
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
