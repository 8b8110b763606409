import { settingsFrom } from "../../openai/responses/settings.ts";
import type { Database } from "../../sqlite/database.ts";
import type { BeginRequest } from "./turn-contract.ts";
import { findDetails } from "../store/sessions/sessions.ts";
import type { SessionRow } from "../store/sessions/sessions.ts";
import type { Turn } from "../../shared/turn.ts";

/**
 * Rebuilds a background turn's request from its stored turn. Its previous try is known to be over.
 *
 * @param models - the deployment's
 */
export function rebuildRequest(
  db: Database,
  { key, session_id }: SessionRow,
  { input, created_at, extra: { response, lease } }: Turn,
  models: string[],
): BeginRequest {
  const { model, instructions, truncation } = settingsFrom(response);
  return {
    session_id,
    new_session_id: session_id,
    must_exist: true,
    input,
    assistant: findDetails(db, key)?.assistant ?? undefined,
    model,
    models,
    instructions,
    full_history: truncation !== "auto",
    on_busy: "queue",
    ...(response && { response }),
    background: true,
    created_at,
    takes_over: lease?.token,
  };
}
