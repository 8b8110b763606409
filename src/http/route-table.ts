import type { Subject } from "./openapi/document.ts";
import { legacyRoutes } from "./openapi/legacy.ts";
import { operators } from "./openapi/operators.ts";
import type { Route } from "./route.ts";
import { analytics } from "./routes/analytics.ts";
import { archives } from "./routes/archives.ts";
import { assistants } from "./routes/assistants.ts";
import { backups } from "./routes/backups.ts";
import { calls } from "./routes/calls.ts";
import { exports } from "./routes/export.ts";
import { externalCalls } from "./routes/external-calls.ts";
import { imports } from "./routes/imports.ts";
import { migrations } from "./routes/migrations.ts";
import { chat } from "./routes/openai/chat.ts";
import { conversations } from "./routes/openai/conversations.ts";
import { embeddings } from "./routes/openai/embeddings.ts";
import { models } from "./routes/openai/models.ts";
import { responses } from "./routes/openai/responses.ts";
import { documentRoutes } from "./routes/openapi.ts";
import { query } from "./routes/query.ts";
import { retention } from "./routes/retention.ts";
import { search } from "./routes/search.ts";
import { sessionHistory } from "./routes/session-history.ts";
import { sessions } from "./routes/sessions.ts";
import { sessionState } from "./routes/state.ts";
import { storage } from "./routes/storage.ts";
import { users } from "./routes/users.ts";

/** Every route of the app, by subject: as the app serves them, and as the document shows them. */
export const SUBJECTS: readonly Subject[] = [
  {
    name: "Asking",
    description: "A turn: a request, and who answers it.",
    routes: [...query, ...assistants],
  },
  {
    name: "Sessions",
    description: "Conversations, and what was said in them.",
    routes: [...sessions, ...sessionHistory, ...sessionState, ...users, ...search, ...analytics],
  },
  {
    name: "Keeping",
    description: "Archives, backups, imports and exports, and how long what is kept.",
    routes: [...archives, ...backups, ...imports, ...exports, ...retention, ...storage],
  },
  {
    name: "Calls",
    description: "Every turn as a call, and calls that others made.",
    routes: [...calls, ...externalCalls, ...migrations],
  },
  {
    name: "OpenAI",
    description: "What OpenAI's SDK and others call, under /v1. Refused as OpenAI refuses.",
    routes: [...responses, ...chat, ...conversations, ...embeddings, ...models],
  },
  { ...operators.tag, routes: [...legacyRoutes(operators), ...documentRoutes(() => SUBJECTS)] },
];

export const ROUTES: readonly Route[] = SUBJECTS.flatMap(({ routes }) => routes);
