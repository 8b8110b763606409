import { callErased } from "../../shared/not-found-errors.ts";
import { isObject } from "../../shared/json-merge-patch.ts";
import { parseJson } from "../../shared/json.ts";
import { isoTime } from "../../shared/time.ts";
import { isCallErased } from "../store/calls/calls.ts";
import { oldRowsOf } from "../store/calls/legacy-call-rows.ts";
import type { CallsMode } from "../store/account/account-values.ts";
import { oldRowsFor, ownRowsFor } from "./dual.ts";
import { callsMode } from "./mode.ts";
import { OLD_TABLES } from "./old-schema.ts";
import type { OldTable } from "./old-schema.ts";
import { readWholeCall } from "./read.ts";
import type { ReadParts, WholeCall } from "./read.ts";
import { toolCallsOf } from "./rebuild.ts";

/** A call as the old schema has it. */
export interface OldFormat {
  call_id: string;
  /** Its rows were kept, or they are made of the call as it is stored. */
  source: "rows" | "call";
  /** Each a row as JSON, by its table. */
  rows: Record<OldTable, string[]>;
}

/**
 * A call's rows: as they were kept, while the old schema is read; else, and where none were kept, made of the call.
 *
 * @throws ApiError `call_not_found` or `call_erased`
 */
export async function readOldFormat(
  parts: ReadParts & { deploymentMode: CallsMode },
  call_id: string,
  now: number,
): Promise<OldFormat> {
  const { db } = parts;
  if (isCallErased(db, call_id)) throw callErased();
  const kept = callsMode(parts) === "new" ? [] : oldRowsOf(db, call_id);
  if (kept.length > 0) return { call_id, source: "rows", rows: byTable(kept) };
  const whole = await readWholeCall(parts, call_id, now);
  return { call_id, source: "call", rows: byTable(rowsOf(call_id, whole)) };
}

function rowsOf(call_id: string, { turn, events, policy_events }: WholeCall): string[] {
  const rows = turn.extra.call ? oldRowsFor(turn) : ownRowsFor(turn, events);
  const answered = events.find(({ event_type }) => event_type === "response");
  const tools = answered === undefined ? [] : toolCallsOf(parseJson(answered.payload));
  return [
    ...rows.map(({ row }) => row),
    ...tools.map(({ id, function: called }) =>
      JSON.stringify({
        table: "conversation_tool_calls",
        id,
        call_id,
        tool_call_id: id,
        name: called.name,
        arguments: called.arguments,
      }),
    ),
    ...policy_events.map(({ id, policy_class, policy_config, metadata, created_at }) => {
      const told: unknown = parseJson(metadata ?? "{}");
      const config: unknown = parseJson(policy_config ?? "{}");
      return JSON.stringify({
        table: "conversation_judge_decisions",
        id: id ?? null,
        call_id,
        judge_config: { policy_class, ...(isObject(config) && config) },
        created_at: isoTime(created_at),
        // A decision that came as a row is kept here as it was.
        ...(isObject(told) && told),
      });
    }),
  ];
}

function byTable(rows: readonly string[]): OldFormat["rows"] {
  const parsed = rows.map((row) => ({ row, ...(parseJson(row) as Place) }));
  const of = (name: OldTable) =>
    parsed
      .filter(({ table }) => table === name)
      .toSorted((a, b) => placeOf(a) - placeOf(b))
      .map(({ row }) => row);
  return Object.fromEntries(OLD_TABLES.map((name) => [name, of(name)])) as OldFormat["rows"];
}

type Place = {
  table: OldTable;
  event_type?: string;
  chunk_index?: number | null;
  sequence?: number | null;
};

/** The request first, then what came of it, in its order. */
const placeOf = ({ event_type, chunk_index, sequence }: Place): number =>
  event_type?.includes("request") ? -1 : (chunk_index ?? sequence ?? Number.MAX_SAFE_INTEGER);
