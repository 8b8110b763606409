import { serve as listen } from "@hono/node-server";

import { Hono } from "hono";

import { question } from "../reply.ts";
import type { Question } from "../reply.ts";

/** What a peer does with a question: read the last messages, answer, store both. Replies when it is on the disk. */
export type Turn = (asked: Question) => string | Promise<string>;

/**
 * Hono on Node, in front of a way to store. Says its port on standard output, and ends with its standard input: nothing
 * outlives the benchmark.
 */
export function serve(turn: Turn, close: () => void | Promise<void>): void {
  const app = new Hono().post("/query", async (c) => {
    const asked = question.parse(await c.req.json());
    const response = await turn(asked);
    return c.json({ success: true, response, session_id: asked.session_id });
  });
  const server = listen({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, (at) => {
    console.log(at.port);
  });
  process.stdin.resume().once("end", () => {
    server.close(() => void Promise.resolve(close()).then(() => process.exit()));
    if ("closeAllConnections" in server) server.closeAllConnections();
  });
}

/** The one argument of a server: its file, or its database's URL. */
export const where = (): string => process.argv[2] ?? "";
