import type { Subject } from "./openapi/document.ts";
import { archives } from "./openapi/archives.ts";
import { calls } from "./openapi/calls.ts";
import { legacyRoutes } from "./openapi/legacy.ts";
import { openAi } from "./openapi/openai.ts";
import { operators } from "./openapi/operators.ts";
import type { Route } from "./route.ts";
import { analytics } from "./routes/analytics.ts";
import { assistants } from "./routes/assistants.ts";
import { exports } from "./routes/export.ts";
import { documentRoutes } from "./routes/openapi.ts";
import { query } from "./routes/query.ts";
import { search } from "./routes/search.ts";
import { sessionHistory } from "./routes/session-history.ts";
import { sessions } from "./routes/sessions.ts";
import { sessionState } from "./routes/state.ts";
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
  { ...archives.tag, routes: [...legacyRoutes(archives), ...exports] },
  { ...calls.tag, routes: legacyRoutes(calls) },
  { ...openAi.tag, routes: legacyRoutes(openAi) },
  { ...operators.tag, routes: [...legacyRoutes(operators), ...documentRoutes(() => SUBJECTS)] },
];

export const ROUTES: readonly Route[] = SUBJECTS.flatMap(({ routes }) => routes);
