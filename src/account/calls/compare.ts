import { ApiError, isUnreadable } from "../../shared/errors.ts";
import { parseJson, sortedJson } from "../../shared/json.ts";
import type { ExternalCall, Turn } from "../../shared/turn.ts";
import type { CallWrite } from "../conversation/external-calls.ts";
import { readValue, writeValue } from "../store/account/account-values.ts";
import { noteMismatch, oldCallIds, oldRowsOf } from "../store/calls/legacy-call-rows.ts";
import type { Mismatch } from "../store/calls/legacy-call-rows.ts";
import { parseOldRows } from "./old-schema.ts";
import { readWholeCall } from "./read.ts";
import type { ReadParts } from "./read.ts";
import { lossesIn, rebuildCall } from "./rebuild.ts";

/** Result of one step of comparing calls with their old rows. */
export interface Comparison {
  compared: number;
  /** Those of them that differ. */
  mismatches: Mismatch[];
  more: boolean;
}

/** Compares the next calls with what their old rows say. */
export async function compareStep(
  parts: ReadParts,
  limit: number,
  now: number,
): Promise<Comparison> {
  const { db } = parts;
  const { after, calls } = readValue(db, "compared") ?? { after: null, calls: 0 };
  if (after === null) return NOTHING_COMPARED;
  const ids = oldCallIds(db, after, limit);
  const found: [string, string[]][] = [];
  for (const id of ids) found.push([id, await differencesOf(parts, id, now)]);
  db.transaction(() => {
    // Rows that came meanwhile restart it.
    if (readValue(db, "compared")?.after !== after) return;
    for (const [id, differences] of found) noteMismatch(db, id, differences);
    const isDone = ids.length < limit;
    writeValue(db, "compared", {
      after: isDone ? null : (ids.at(-1) as string),
      calls: calls + ids.length,
      at: now,
    });
  });
  return {
    compared: ids.length,
    mismatches: found
      .filter(([, differences]) => differences.length > 0)
      .map(([call_id, differences]) => ({ call_id, differences })),
    more: readValue(db, "compared")?.after !== null,
  };
}

export const NOTHING_COMPARED: Comparison = { compared: 0, mismatches: [], more: false };

/** In what a call is not what its old rows say; and what these lack or contradict, which no comparison with them shows. */
async function differencesOf(parts: ReadParts, callId: string, now: number): Promise<string[]> {
  try {
    const rows = parseOldRows(oldRowsOf(parts.db, callId));
    const { write, discrepancies } = rebuildCall(callId, rows);
    const { turn, events } = await readWholeCall(parts, callId, now);
    const documents = Object.fromEntries(events.map((each) => [each.event_type, each.payload]));
    return [...differencesIn(turn, documents, write), ...lossesIn(discrepancies)];
  } catch (error) {
    const code = error instanceof ApiError ? error.code : null;
    if (code === "archive_unavailable" || (code === null && !isUnreadable(error))) throw error;
    // One call whose archive is damaged or locked, or whose rows cannot be read, keeps none of the others from being compared.
    return [code === "call_not_found" ? "missing" : "unreadable"];
  }
}

/** In what a stored call is not what its rows say. @param documents - what it was sent and what it answered, as JSON */
export function differencesIn(
  turn: Turn,
  documents: Pick<ExternalCall, "request" | "response">,
  write: CallWrite,
): string[] {
  const events = new Set(turn.extra.policy?.events.map((event) => event.id));
  const missing = (write.policy?.events ?? []).filter((event) => !events.has(event.id));
  return [
    ...(same(documents.request, write.call.request) ? [] : ["request"]),
    ...(same(documents.response, write.call.response) ? [] : ["response"]),
    ...(isSameStatus(turn.status, write.status) ? [] : ["status"]),
    ...(missing.length === 0 ? [] : ["policy_events"]),
  ];
}

/** A call that never ended is abandoned. The old schema has no word for a turn that was interrupted. */
const isSameStatus = (stored: Turn["status"], written: CallWrite["status"]): boolean =>
  stored === written ||
  (stored === "abandoned" && written === "in_progress") ||
  (stored === "interrupted" && written === "completed");

/** Compared as documents: the order of names does not matter. */
function same(a: string | undefined, b: string | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return sortedJson(parseJson(a)) === sortedJson(parseJson(b));
}
