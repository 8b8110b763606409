import { Chat } from "@ai-sdk/react";
import { DefaultChatTransport, uiMessageChunkSchema } from "ai";
import type { ChatInit, UIMessage, UIMessageChunk } from "ai";
import { asSchema } from "@ai-sdk/provider-utils";
import { expect, inject } from "vitest";

/** A tool that the client runs. */
export const WEATHER = {
  type: "function",
  name: "get_weather",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
/** Takes `openai/drip` ten seconds: on a slow machine, too, a test comes back to it before its end. */
export const LONG = Array.from({ length: 100 }, (_, index) => `word${index}`).join(" ");
/** Takes it a minute: a test stops it before, however slow the machine is. */
export const ENDLESS = Array.from({ length: 600 }, (_, index) => `word${index}`).join(" ");

let count = 0;
export const freshName = (what: string): string => {
  count += 1;
  return `${what}-${crypto.randomUUID().slice(0, 8)}-${count}`;
};

export const at = (path: string, account: string): string =>
  `${inject("server")}${path}?accountId=${account}`;

export interface Setting {
  account: string;
  id: string;
  /** Fields of the body beside those of the SDK. */
  body?: object;
}

/** A chat of the SDK's own, as `useChat` makes one, with what it finished. */
export function open(
  { account, id, body = {} }: Setting,
  init: Partial<ChatInit<UIMessage>> = {},
): {
  chat: Chat<UIMessage>;
  finished: Parameters<NonNullable<ChatInit<UIMessage>["onFinish"]>>[0][];
} {
  const finished: Parameters<NonNullable<ChatInit<UIMessage>["onFinish"]>>[0][] = [];
  const chat = new Chat<UIMessage>({
    id,
    transport: new DefaultChatTransport({ api: at("/chat", account), body }),
    onFinish: (event) => finished.push(structuredClone(event)),
    ...init,
  });
  return { chat, finished };
}

/** The chat's messages as the server has them. */
export async function history({ account, id }: Setting): Promise<UIMessage[]> {
  const response = await fetch(at(`/chat/${id}/messages`, account));
  expect(response.status).toBe(200);
  const { messages } = await response.json<{ messages: UIMessage[] }>();
  return messages;
}

/** A message without the fields that are undefined, as JSON has it. */
export const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

export const ask = ({ account, id, body }: Setting, messages: object[], more: object = {}) =>
  fetch(at("/chat", account), {
    method: "POST",
    body: JSON.stringify({ id, messages, trigger: "submit-message", ...body, ...more }),
  });

export const userMessage = (id: string, text: string) => ({
  id,
  role: "user",
  parts: [{ type: "text", text }],
});

const schema = asSchema(uiMessageChunkSchema);

/** The chunks of a stream, each of them one that the SDK's own schema takes. */
export async function chunksIn(response: Response): Promise<UIMessageChunk[]> {
  expect(response.headers.get("x-vercel-ai-ui-message-stream")).toBe("v1");
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const events = (await response.text())
    .split("\n\n")
    .filter((event) => event.startsWith("data: "))
    .map((event) => event.slice("data: ".length));
  expect(events.pop()).toBe("[DONE]");
  const chunks: UIMessageChunk[] = [];
  for (const event of events) {
    const read = await schema.validate?.(JSON.parse(event));
    if (!read?.success) throw new Error(`no chunk of the SDK: ${event}`);
    chunks.push(read.value);
  }
  return chunks;
}

/** How many turns the session has. */
export async function turnsOf({
  account,
  id,
}: Setting): Promise<{ call_id: string; status: string }[]> {
  const response = await fetch(at(`/sessions/${id}/turns`, account));
  const { data } = await response.json<{ data: { call_id: string; status: string }[] }>();
  return data;
}

export const textIn = (message: UIMessage | undefined): string =>
  (message?.parts ?? []).map((part) => (part.type === "text" ? part.text : "")).join("");
