import { noteDataAction, recordDataAction } from "../directory/account-log.ts";
import type { DataAction } from "../directory/account-log.ts";
import { ApiError } from "../shared/errors.ts";
import { sha256 } from "../shared/sha256.ts";
import { requestTime } from "./context.ts";
import type { AppContext } from "./context.ts";
import type { Route } from "./route.ts";

/** Fields of requests that the log has as they are. */
const KEPT_FIELDS = new Set([
  "older_than_days",
  "on_conflict",
  "mode",
  "import_id",
  "since",
  "until",
]);

interface AuditedRequest {
  account_id: string;
  path: Record<string, string>;
  query: unknown;
  body: unknown;
}

/**
 * Writes into the account's log what the route is about to do to data, and does it: nothing is done that is not in the log.
 * A refusal is written after it. Dry runs do nothing.
 *
 * @param work - handles the request
 */
export async function audited<T>(
  c: AppContext,
  { audit }: Pick<Route, "audit">,
  request: AuditedRequest,
  work: () => T | Promise<T>,
): Promise<T> {
  const fields = { ...(request.query as object), ...(request.body as object) };
  const action = typeof audit === "function" ? audit(fields) : (audit ?? null);
  if (action === null || ("dry_run" in fields && fields.dry_run === true)) return work();
  const { name: actor, user_id } = c.get("caller");
  const details = { ...subjectOf(request.path), ...fieldsOf(fields), ...(user_id && { user_id }) };
  const entry: DataAction = {
    account_id: request.account_id,
    at: requestTime(c),
    actor,
    action,
    details,
  };
  await recordDataAction(c.env, entry);
  try {
    return await work();
  } catch (error) {
    const code = error instanceof ApiError ? error.code : "internal";
    await noteDataAction(c.env, {
      ...entry,
      action: `${action}.refused`,
      details: { ...details, code },
    });
    throw error;
  }
}

/** A user's id may be a telephone number, and the log outlives what is erased: it has the id's hash. */
function subjectOf({ user_id, ...path }: Record<string, string>): Record<string, string> {
  if (user_id === undefined) return path;
  return { ...path, user_sha256: sha256(user_id) };
}

function fieldsOf(fields: object): Record<string, unknown> {
  const kept = Object.entries(fields).filter(
    ([name, value]) => KEPT_FIELDS.has(name) && value !== undefined,
  );
  const sessions =
    "session_ids" in fields && Array.isArray(fields.session_ids) && fields.session_ids;
  return { ...Object.fromEntries(kept), ...(sessions && { sessions: sessions.length }) };
}
