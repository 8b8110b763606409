import type { Route } from "../../route.ts";
import { chat } from "./chat.ts";
import { conversations } from "./conversations.ts";
import { embeddings } from "./embeddings.ts";
import { models } from "./models.ts";
import { responses } from "./responses.ts";

/** OpenAI's API: all routes under `/v1`. */
export const openAi: readonly Route[] = [
  ...responses,
  ...chat,
  ...conversations,
  ...embeddings,
  ...models,
];
