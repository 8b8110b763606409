import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** What the stand-in answers to a request; `"cut"` ends the connection without a reply. */
export type Answer =
  | "cut"
  | { status: number; headers?: Record<string, string>; body?: unknown; cutAfter?: string };

export interface Received {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
}

/** A server that answers its requests in the order of `answers`, and every later one with the last. */
export async function standIn(answers: Answer[]) {
  const received: Received[] = [];
  const server = createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({
        method: request.method ?? "",
        url: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      });
      const answer = answers[Math.min(received.length, answers.length) - 1];
      if (answer === undefined || answer === "cut") {
        reply.destroy();
        return;
      }
      const headers = { "content-type": "application/json", ...answer.headers };
      if (answer.cutAfter !== undefined) {
        reply.writeHead(answer.status, headers);
        reply.write(answer.cutAfter, () => reply.destroy());
        return;
      }
      const body = answer.body === undefined ? "" : JSON.stringify(answer.body);
      reply.writeHead(answer.status, { ...headers, "content-length": Buffer.byteLength(body) });
      reply.end(body);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
