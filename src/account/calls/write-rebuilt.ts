import { policyRecord } from "../../shared/policy-record.ts";
import type { Turn } from "../../shared/turn.ts";
import type { Database } from "../../sqlite/database.ts";
import { changeCall, openLease, writeCall } from "../conversation/external-calls.ts";
import type { CallWrite, ExternalCallParts } from "../conversation/external-calls.ts";
import type { CallsMode } from "../store/account/account-values.ts";
import { findCall } from "../store/calls/calls.ts";
import type { Turns } from "../store/turns/turns.ts";
import { differencesIn } from "./compare.ts";
import { lossesIn } from "./rebuild.ts";
import type { Rebuilt } from "./rebuild.ts";

interface Parts {
  db: Database;
  turns: Turns;
  journal: ExternalCallParts;
}

/**
 * Writes a call that was made of its old rows: as a new one, or over the call that is there. Where calls are what counts,
 * one that lacks something never replaces a call. In a transaction.
 */
export function writeRebuilt(
  parts: Parts,
  { write, discrepancies }: Rebuilt,
  mode: CallsMode,
  now: number,
): "created" | "updated" | "known" {
  const { db, journal } = parts;
  const callId = write.call_id as string;
  if (findCall(db, callId) === null) {
    writeCall(journal, write, now);
    return "created";
  }
  const isLossy = lossesIn(discrepancies).length > 0;
  if (mode === "new" && (isLossy || !isOtherwise(parts, write))) return "known";
  changeCall(journal, callId, (turn, call) =>
    rebuilt(turn, { ...write, call: { ...call, ...write.call } }),
  );
  return "updated";
}

/**
 * Whether a call's complete rows differ from the stored call: an earlier upload was damaged, or came before the call had
 * ended. An archived call is not changed.
 */
function isOtherwise({ db, turns }: Parts, write: CallWrite): boolean {
  const { request, response } = write.call;
  const isWhole = request !== undefined && (response !== undefined || write.status === "failed");
  const id = findCall(db, write.call_id as string);
  const stored = id === null ? null : turns.get(id);
  if (!isWhole || write.status === "in_progress" || !stored?.extra.call) return false;
  return differencesIn(stored, stored.extra.call, write).length > 0;
}

/** Policy events that came otherwise stay. */
function rebuilt(turn: Turn, write: CallWrite): Turn {
  const { lease: _lease, error: _error, ...extra } = turn.extra;
  const known = new Set(write.policy?.events.map(({ id }) => id));
  const others = (extra.policy?.events ?? []).filter(
    ({ id }) => id === undefined || !known.has(id),
  );
  const events = [...others, ...(write.policy?.events ?? [])];
  return {
    ...turn,
    status: write.status,
    created_at: write.created_at,
    duration_ms: write.duration_ms,
    model: write.model,
    input_tokens: write.input_tokens,
    output_tokens: write.output_tokens,
    input: write.input,
    output: write.output,
    extra: {
      ...(write.status === "in_progress" && openLease(write)),
      ...extra,
      call: { ...write.call, ...(write.call_id !== undefined && { id: write.call_id }) },
      ...(write.error && { error: write.error }),
      ...(events.length > 0 && { policy: policyRecord(events) }),
    },
  };
}
