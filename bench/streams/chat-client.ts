import { once } from "node:events";

import { WebSocket } from "ws";

import { FIRST_TEXT } from "../model-server/wire.ts";
import type { SeenStream } from "./stream-client.ts";

interface Frame {
  type: string;
  body?: string;
  done?: boolean;
  error?: boolean;
}

/** A client of an AIChatAgent. It looks at no more of a frame than the end takes. */
export async function openChat(url: URL): Promise<(asked: string) => Promise<SeenStream>> {
  const socket = new WebSocket(url.href, { perMessageDeflate: false });
  await once(socket, "open");
  return (asked) => ask(socket, asked);
}

function ask(socket: WebSocket, asked: string): Promise<SeenStream> {
  const { promise, resolve, reject } = Promise.withResolvers<SeenStream>();
  const began = performance.now();
  let firstMs = -1;
  socket.on("message", (raw: Buffer) => {
    if (firstMs < 0 && raw.includes(FIRST_TEXT)) firstMs = performance.now() - began;
    if (!raw.includes('"done":true')) return;
    const { type, error } = JSON.parse(raw.toString()) as Frame;
    if (type !== "cf_agent_use_chat_response") return;
    if (error || firstMs < 0) reject(new Error(raw.toString()));
    else resolve({ firstMs, delaysMs: [] });
    socket.terminate();
  });
  socket.on("error", reject);
  socket.on("close", () => reject(new Error("the chat was closed before its end")));
  const message = {
    id: crypto.randomUUID(),
    role: "user",
    parts: [{ type: "text", text: asked }],
  };
  socket.send(
    JSON.stringify({
      type: "cf_agent_use_chat_request",
      id: crypto.randomUUID(),
      init: { method: "POST", body: JSON.stringify({ messages: [message] }) },
    }),
  );
  return promise;
}
