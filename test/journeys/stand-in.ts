import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** What the model was shown, oldest first. */
export type Window = { role: string; content: string }[];

export interface StandInOptions {
  /** Before each piece of a streamed answer, and before the whole of another. */
  delayMs: () => number;
  pieces?: number;
  /** Whether it breaks every connection. */
  isDown?: () => boolean;
}

export interface StandIn {
  /** The vars of a server that asks it as `openai/…`, which streams. */
  openai: Record<string, string>;
  /** The vars of a server that asks it as `upstream`, which costs the server least. */
  upstream: Record<string, string>;
  windows: Window[];
  close: () => void;
}

export const answerTo = (text: string): string => `You said: ${text}`;
export const pieceOf = (index: number): string => `word${index} `;

/** A model across the network that takes its time: on loopback, an OpenAI-compatible server and a stateless `/query`. */
export async function standInModel({
  delayMs,
  pieces = 0,
  isDown = () => false,
}: StandInOptions): Promise<StandIn> {
  const windows: Window[] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(await textOf(request)) as
      | { query: string }
      | { messages: Window; stream?: boolean };
    const window = "query" in body ? [{ role: "user", content: body.query }] : body.messages;
    if (isDown()) {
      response.destroy();
      return;
    }
    windows.push(window);
    if ("stream" in body && body.stream) return streamPieces(response);
    await sleep(delayMs());
    const content = answerTo(window.at(-1)?.content ?? "");
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify(
        "query" in body
          ? { response: content }
          : { choices: [{ message: { role: "assistant", content }, ...choice("stop") }] },
      ),
    );
  }

  async function streamPieces(response: ServerResponse): Promise<void> {
    response.setHeader("content-type", "text/event-stream");
    const event = (data: object) => response.write(`data: ${JSON.stringify(data)}\n\n`);
    for (let index = 0; index < pieces; index += 1) {
      await sleep(delayMs());
      event({ choices: [{ delta: { content: pieceOf(index) }, ...choice(null) }] });
    }
    event({ choices: [{ delta: {}, ...choice("stop") }] });
    response.end("data: [DONE]\n\n");
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    openai: { MODEL: "openai/stand-in", OPENAI_BASE_URL: `${url}/v1` },
    upstream: { MODEL: "upstream", UPSTREAM_URL: `${url}/query` },
    windows,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const choice = (finish_reason: string | null) => ({ index: 0, finish_reason });

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks).toString("utf8");
}
