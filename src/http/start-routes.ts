import type { Route } from "./route.ts";
import { health } from "./routes/health.ts";
import { query } from "./routes/query.ts";
import { sessionHistory } from "./routes/session-history.ts";
import { sessions } from "./routes/sessions.ts";

/** Routes that an isolate has at its start. `route-table.ts` has all, and is loaded when another one is asked for. */
export const START_ROUTES: readonly Route[] = [...query, ...sessions, ...sessionHistory, ...health];
