import type { Subject } from "./openapi/document.ts";
import type { Route } from "./route.ts";
import { adminAccounts } from "./routes/admin/accounts.ts";
import { adminAssistants } from "./routes/admin/assistants.ts";
import { adminCache } from "./routes/admin/cache.ts";
import { adminDeadLetters } from "./routes/admin/dead-letters.ts";
import { adminFlags } from "./routes/admin/flags.ts";
import { adminKeys } from "./routes/admin/keys.ts";
import { adminLog } from "./routes/admin/log.ts";
import { adminOperations } from "./routes/admin/operations.ts";
import { adminUpkeep } from "./routes/admin/upkeep.ts";
import { analytics } from "./routes/analytics.ts";
import { archives } from "./routes/archives.ts";
import { assistants } from "./routes/assistants.ts";
import { backups } from "./routes/backups.ts";
import { calls } from "./routes/calls.ts";
import { uiChat } from "./routes/chat/chat.ts";
import { exports } from "./routes/export.ts";
import { externalCalls } from "./routes/external-calls.ts";
import { health } from "./routes/health.ts";
import { detailedHealth } from "./routes/health-detailed.ts";
import { imports } from "./routes/imports.ts";
import { mcp } from "./routes/mcp.ts";
import { metrics } from "./routes/metrics.ts";
import { migrations } from "./routes/migrations.ts";
import { openAi } from "./routes/openai/openai.ts";
import { documentRoutes } from "./routes/openapi.ts";
import { overview } from "./routes/overview.ts";
import { query } from "./routes/query.ts";
import { retention } from "./routes/retention.ts";
import { root } from "./routes/root.ts";
import { search } from "./routes/search.ts";
import { sessionHistory } from "./routes/session-history.ts";
import { sessions } from "./routes/sessions.ts";
import { sessionState } from "./routes/state.ts";
import { storage } from "./routes/storage.ts";
import { userFacts } from "./routes/user-facts.ts";
import { users } from "./routes/users.ts";
import { windows } from "./routes/windows.ts";
import { whatsapp } from "./routes/whatsapp.ts";

/** Every route of the app, by subject: as the app serves them, and as the document shows them. */
export const SUBJECTS: readonly Subject[] = [
  {
    name: "Asking",
    description: "Turns: questions, and the assistants that answer them.",
    routes: [...query, ...uiChat, ...assistants],
  },
  {
    name: "Sessions",
    description: "Conversations with their messages and turns.",
    routes: [
      ...sessions,
      ...sessionHistory,
      ...windows,
      ...sessionState,
      ...users,
      ...userFacts,
      ...search,
      ...analytics,
      ...overview,
      ...mcp,
    ],
  },
  {
    name: "Keeping",
    description: "Archives, backups, imports, exports and retention.",
    routes: [...archives, ...backups, ...imports, ...exports, ...retention, ...storage],
  },
  {
    name: "Calls",
    description: "Every turn as a call, and calls that other programs made.",
    routes: [...calls, ...externalCalls, ...migrations],
  },
  {
    name: "OpenAI",
    description: "OpenAI's API under /v1, with OpenAI's form of errors.",
    routes: openAi,
  },
  {
    name: "Operating",
    description: "Keys, accounts, flags, caches and metrics, for operators.",
    routes: [
      ...root,
      ...health,
      ...detailedHealth,
      ...documentRoutes(() => SUBJECTS),
      ...metrics,
      ...adminKeys,
      ...adminAccounts,
      ...adminAssistants,
      ...adminFlags,
      ...adminCache,
      ...adminLog,
      ...adminUpkeep,
      ...adminDeadLetters,
      ...adminOperations,
      ...whatsapp,
    ],
  },
];

export const ROUTES: readonly Route[] = SUBJECTS.flatMap(({ routes }) => routes);
