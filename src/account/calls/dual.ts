import { callId } from "../../shared/ids.ts";
import type { StoredRow } from "../store/calls/legacy-call-rows.ts";
import { isoTime } from "../../shared/time.ts";
import { namedModel } from "./call.ts";
import { storedRow } from "./old-schema.ts";
import type { Turn } from "../../shared/turn.ts";
import { parseJson } from "../../shared/json.ts";

/**
 * A call's rows in the old schema, while both are written. An incomplete call has its chunks only.
 *
 * @param isStreamed - its chunks are stored already, and hold the answer
 */
export function oldRowsFor(turn: Turn, isStreamed = false): StoredRow[] {
  const { call } = turn.extra;
  if (!call) return [];
  const call_id = call.id ?? callId(turn.id);
  const created_at = isoTime(turn.created_at);
  const event = (name: string, more: object) =>
    storedRow({
      table: "conversation_events",
      id: `${call_id}:${name}`,
      call_id,
      created_at,
      ...more,
    });
  const chunks = (call.chunks ?? []).map(({ index, payload }) =>
    event(`chunk:${index}`, {
      event_type: "chunk",
      chunk_index: index,
      raw_chunk: parseJson(payload),
    }),
  );
  if (turn.status === "in_progress") return chunks;
  const { provider, model } = namedModel(turn);
  return [
    ...chunks,
    storedRow({
      table: "conversation_calls",
      call_id,
      created_at,
      status: turn.status,
      ...(provider !== null && { provider }),
      ...(model !== null && { model_name: model }),
      ...(turn.duration_ms !== null && {
        completed_at: isoTime(turn.created_at + turn.duration_ms),
      }),
    }),
    ...whole(call.request, "request"),
    ...(isStreamed ? [] : whole(call.response, "response")),
  ];

  function whole(payload: string | undefined, event_type: string): StoredRow[] {
    if (payload === undefined) return [];
    return [event(event_type, { event_type, payload: parseJson(payload) })];
  }
}
