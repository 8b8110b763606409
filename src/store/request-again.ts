import { settingsFrom } from "../responses/settings.ts";
import type { Database } from "./database.ts";
import type { BeginRequest } from "./open-turn.ts";
import { findDetails } from "./sessions.ts";
import type { SessionRow } from "./sessions.ts";
import type { Turn } from "./turns.ts";

/**
 * What a turn for the background is begun with again, by what is stored of it. Its try before is known to be over.
 *
 * @param models - the deployment's
 */
export function requestAgain(
  db: Database,
  { key, session_id }: SessionRow,
  { input, created_at, extra: { response, lease } }: Turn,
  models: string[],
): BeginRequest {
  const { model, instructions, truncation } = settingsFrom(response);
  return {
    session_id,
    fresh_id: session_id,
    existing: true,
    input,
    assistant: findDetails(db, key)?.assistant ?? undefined,
    model,
    models,
    instructions,
    whole: truncation !== "auto",
    on_busy: "queue",
    ...(response && { response }),
    background: true,
    created_at,
    takes_over: lease?.token,
  };
}
