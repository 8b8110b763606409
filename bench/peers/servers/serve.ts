import { serve as listen } from "@hono/node-server";

import { Hono } from "hono";

import { exchange, question } from "../question.ts";
import type { Exchange, Question } from "../question.ts";

/** A way to store conversations. Both replies come when what they are about is on the disk. */
export interface Store {
  /** Reads the last messages, asks the model, and stores question and answer. */
  turn: (asked: Question) => Promise<string>;
  /** Stores a question with its answer, for a caller that asked the model itself. */
  write: (done: Exchange) => void | Promise<unknown>;
  close: () => unknown;
}

/**
 * Hono on Node, in front of a way to store. Says its port on standard output, and ends with its standard input: nothing
 * outlives the benchmark.
 */
export function serve({ turn, write, close }: Store): void {
  const app = new Hono()
    .post("/query", async (c) => {
      const asked = question.parse(await c.req.json());
      const response = await turn(asked);
      return c.json({ success: true, response, session_id: asked.session_id });
    })
    .post("/write", async (c) => {
      const done = exchange.parse(await c.req.json());
      await write(done);
      return c.json({ success: true, session_id: done.session_id });
    });
  const server = listen({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, (at) => {
    console.log(at.port);
  });
  process.stdin.resume().once("end", () => {
    server.close(() => void Promise.resolve(close()).then(() => process.exit()));
    if ("closeAllConnections" in server) server.closeAllConnections();
  });
}

/** The first argument of a server: its file, or its database's URL. */
export const where = (): string => process.argv[2] ?? "";
/** The second: the model's server. */
export const modelUrl = (): string => process.argv[3] ?? "";
