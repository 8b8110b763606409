import { callId } from "../../shared/ids.ts";
import type { StoredRow } from "../store/calls/legacy-call-rows.ts";
import { isoTime } from "../../shared/time.ts";
import { namedModel } from "./call.ts";
import { storedRow } from "./old-schema.ts";
import type { ExternalCall, Turn } from "../../shared/turn.ts";
import { parseJson } from "../../shared/json.ts";

/**
 * A call's rows in the old schema, while both are written. One that goes on is `started`.
 *
 * @param streamed - chunks that the call has no more, or never had by themselves; they hold the answer
 */
export function oldRowsFor(turn: Turn, streamed: ExternalCall["chunks"] = undefined): StoredRow[] {
  const { call } = turn.extra;
  if (!call) return [];
  const isStreamed = streamed !== undefined || call.chunks !== undefined;
  const isOpen = turn.status === "in_progress";
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
  const chunks = [...(call.chunks ?? []), ...(streamed ?? [])].map(({ index, payload }) =>
    event(`chunk:${index}`, {
      event_type: "chunk",
      chunk_index: index,
      raw_chunk: parseJson(payload),
    }),
  );
  const { provider, model } = namedModel(turn);
  return [
    ...chunks,
    storedRow({
      table: "conversation_calls",
      call_id,
      created_at,
      status: isOpen ? "started" : turn.status,
      ...(provider !== null && { provider }),
      ...(model !== null && { model_name: model }),
      ...(turn.duration_ms !== null && {
        completed_at: isoTime(turn.created_at + turn.duration_ms),
      }),
    }),
    ...whole(call.request, "request"),
    ...(isStreamed || isOpen ? [] : whole(call.response, "response")),
  ];

  function whole(payload: string | undefined, event_type: string): StoredRow[] {
    if (payload === undefined) return [];
    return [event(event_type, { event_type, payload: parseJson(payload) })];
  }
}
