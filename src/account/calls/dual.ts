import { callId } from "../../shared/ids.ts";
import type { StoredRow } from "../store/calls/legacy-call-rows.ts";
import { isoTime } from "../../shared/time.ts";
import { namedModel } from "./call.ts";
import type { CallEvent } from "./call.ts";
import { storedRow } from "./old-schema.ts";
import type { ExternalCall, Turn } from "../../shared/turn.ts";
import { parseJson } from "../../shared/json.ts";

/** What was sent and answered, as JSON. */
type Documents = Pick<ExternalCall, "request" | "response" | "chunks">;

/**
 * A call's rows in the old schema, while both are written. One that goes on is `started`.
 *
 * @param streamed - chunks that the call has no more, or never had by themselves; they hold the answer
 */
export function oldRowsFor(turn: Turn, streamed?: ExternalCall["chunks"]): StoredRow[] {
  const { call } = turn.extra;
  if (!call) return [];
  const { request, response } = call;
  const isStreamed = streamed !== undefined || call.chunks !== undefined;
  const hasResponse = !isStreamed && turn.status !== "in_progress" && response !== undefined;
  return rowsOf(turn, call.id ?? callId(turn.id), {
    ...(request !== undefined && { request }),
    ...(hasResponse && { response }),
    chunks: [...(call.chunks ?? []), ...(streamed ?? [])],
  });
}

/** The rows of a turn that Colloquy answered itself. @param events - its request and its response */
export function ownRowsFor(turn: Turn, events: readonly CallEvent[]): StoredRow[] {
  const payloads = events.map(({ event_type, payload }) => [event_type, payload]);
  return rowsOf(turn, callId(turn.id), Object.fromEntries(payloads) as Documents);
}

function rowsOf(
  turn: Turn,
  call_id: string,
  { request, response, chunks = [] }: Documents,
): StoredRow[] {
  const created_at = isoTime(turn.created_at);
  const { provider, model } = namedModel(turn);
  const event = (name: string, more: object) =>
    storedRow({
      table: "conversation_events",
      id: `${call_id}:${name}`,
      call_id,
      created_at,
      ...more,
    });
  const whole = (event_type: string, payload: string | undefined) =>
    payload === undefined ? [] : [event(event_type, { event_type, payload: parseJson(payload) })];
  return [
    storedRow({
      table: "conversation_calls",
      call_id,
      created_at,
      status: turn.status === "in_progress" ? "started" : turn.status,
      ...(provider !== null && { provider }),
      ...(model !== null && { model_name: model }),
      ...(turn.duration_ms !== null && {
        completed_at: isoTime(turn.created_at + turn.duration_ms),
      }),
    }),
    ...whole("request", request),
    ...chunks.map(({ index, payload }) =>
      event(`chunk:${index}`, {
        event_type: "chunk",
        chunk_index: index,
        raw_chunk: parseJson(payload),
      }),
    ),
    ...whole("response", response),
  ];
}
