import OpenAI from "openai";

import { modelUrl } from "./serve.ts";

/** The client that most would take, as it comes. */
const client = new OpenAI({ baseURL: modelUrl(), apiKey: "none" });

export interface StoredMessage {
  role: "user" | "assistant";
  content: string;
}

/** @param seen - of the conversation, oldest first */
export async function ask(seen: readonly StoredMessage[], query: string): Promise<string> {
  const messages = [...seen, { role: "user" as const, content: query }];
  const { choices } = await client.chat.completions.create({ model: "fake", messages });
  return choices[0]?.message.content ?? "";
}
