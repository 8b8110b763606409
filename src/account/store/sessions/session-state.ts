import { keepingNone } from "./held-versions.ts";
import { ApiError } from "../../../shared/errors.ts";
import type { Database } from "../../../sqlite/database.ts";
import { isObject, mergePatch } from "../../../shared/json-merge-patch.ts";
import { jsonOr } from "../../../shared/stored-bounds.ts";
import { findDetails, putDetails } from "./sessions.ts";
import type { DetailsRow } from "./sessions.ts";
import { checkStateSize } from "./state-size.ts";
import { writeSession } from "./write-session.ts";
import { parseJson } from "../../../shared/json.ts";

/** A session's state: a JSON object, and how often it was changed. */
export interface State {
  json: string;
  version: number;
}

/** How a state is changed: replaced, or by a JSON merge patch (RFC 7396). */
export interface StateChange {
  kind: "put" | "patch";
  json: string;
  /** Versions of which the state must have one for the change to be made; null where the caller sent none. */
  if_match: number[] | "any" | null;
}

export const stateOf = (details: Pick<DetailsRow, "state" | "state_version"> | null): State => ({
  json: details?.state ?? "{}",
  version: details?.state_version ?? 0,
});

/** A stored state that is no object is shown as it is, under a name. */
export function parseState(json: string): Record<string, unknown> {
  const state = jsonOr(json, null);
  return isObject(state) ? state : { unreadable: json };
}

export const patched = ({ json }: State, patch: string): string =>
  JSON.stringify(mergePatch(parseState(json), parseJson(patch)));

/**
 * Makes the change, in a transaction. A change without effect writes no row and makes no version.
 *
 * @throws ApiError `precondition_required`, `precondition_failed` or `state_too_large`
 */
export function changeState(db: Database, key: number, change: StateChange): State {
  const before = stateOf(findDetails(db, key));
  const { kind, if_match } = change;
  if (kind === "put" && if_match === null) {
    throw new ApiError(
      "precondition_required",
      "Send If-Match with the ETag of the state that you read, or * to overwrite any.",
      { param: "If-Match" },
    );
  }
  if (Array.isArray(if_match) && !if_match.includes(before.version)) {
    throw new ApiError(
      "precondition_failed",
      `The state has changed: it is at version ${before.version} now. Read it again.`,
      { param: "If-Match" },
    );
  }
  const json = kind === "put" ? change.json : patched(before, change.json);
  checkStateSize(json);
  return writeState(db, key, before, json);
}

/** The `state_patch` of a turn that is being settled: it was within bounds when the turn began. @returns the version */
export function settleState(db: Database, key: number, patch: string): number {
  const before = stateOf(findDetails(db, key));
  return writeState(db, key, before, patched(before, patch)).version;
}

function writeState(db: Database, key: number, before: State, json: string): State {
  if (json === before.json) return before;
  const version = before.version + 1;
  putDetails(db, key, { state: json, state_version: version });
  return { json, version };
}

/** The states of sessions, by session: those that have one. */
export function statesOf(db: Database, keys: readonly number[]): Map<number, string> {
  const rows = db.all<{ key: number; state: string }>(
    `select d.key, d.state from json_each(?) j cross join session_details d on d.key = j.value
     where d.state is not null`,
    JSON.stringify(keys),
  );
  return new Map(rows.map(({ key, state }) => [key, state]));
}

/** Archived with the turns. The version stays. */
export function dropStates(db: Database, keys: readonly number[]): void {
  keepingNone(db, () =>
    writeSession(
      db,
      keys,
      `update session_details set state = null
       where key in (select value from json_each(?)) and state is not null`,
      JSON.stringify(keys),
    ),
  );
}

/** Back from the archive. */
export function bringState(db: Database, key: number, json: string): void {
  putDetails(db, key, { state: json });
}
