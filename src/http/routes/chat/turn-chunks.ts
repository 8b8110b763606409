import { itemsOf } from "../../../openai/responses/item.ts";
import { piecesOf } from "../../../openai/responses/response-pieces.ts";
import { outputOf, settingsIn, statusOf } from "../../../openai/responses/response.ts";
import { callId } from "../../../shared/ids.ts";
import type { Item } from "../../../shared/items.ts";
import { isoTime } from "../../../shared/time.ts";
import type { Turn } from "../../../shared/turn.ts";
import { UiChunks, isResult, resultChunk } from "./ui-chunks.ts";
import type { FinishReason, UiChunk } from "./ui-chunks.ts";

/** Where a turn's settings keep the id of the UI message that its request ended with: among the response's metadata. */
export const MESSAGE_ID = "message_id";

export const messageIdIn = (turn: Turn): string | undefined =>
  settingsIn(turn).metadata?.[MESSAGE_ID];

/** Whether a turn goes on with the answer before it: its input is results of tools alone. */
export function continuesAnswer({ input }: Pick<Turn, "input">): boolean {
  return typeof input !== "string" && input.length > 0 && input.every(isResult);
}

/** The id of the UI message that the turn's answer is in. A turn with results of tools goes on with its message. */
export const answerIdOf = (turn: Turn): string =>
  (continuesAnswer(turn) ? messageIdIn(turn) : undefined) ?? callId(turn.id);

export const chunksOf = (turn: Turn): UiChunks => new UiChunks(callId(turn.id));

export const beginChunk = (turn: Turn, messageId = answerIdOf(turn)): UiChunk => ({
  type: "start",
  messageId,
  messageMetadata: { call_id: callId(turn.id), created_at: isoTime(turn.created_at) },
});

/** The chunks of the results that a turn brought. */
export const resultChunks = (turn: Turn): UiChunk[] =>
  itemsOf(turn.input, "user").filter(isResult).map(resultChunk);

/** The chunks of an item that no stream brought. @param prefix - makes the ids of parts unique in their message */
export function itemChunks(item: Item, prefix: string): UiChunk[] {
  const chunks = new UiChunks(prefix);
  return [...piecesOf([item], []).flatMap((piece) => chunks.add(piece)), ...chunks.end([item])];
}

/** The answer of a turn that is over, between its begin and its end. */
export function answerChunks(turn: Turn): UiChunk[] {
  const output = outputOf(turn);
  const chunks = chunksOf(turn);
  const pieces = piecesOf(output, turn.extra.response?.pieces ?? []);
  return [...pieces.flatMap((piece) => chunks.add(piece)), ...chunks.end(output)];
}

/** The last chunks of a turn that did not fail. */
export function endChunks(turn: Turn): UiChunk[] {
  const isStopped = turn.extra.response?.cut === "cancelled" || turn.status === "interrupted";
  return [
    { type: "finish-step" },
    ...(isStopped ? [{ type: "abort" as const, reason: "stopped" }] : []),
    { type: "finish", finishReason: finishReasonOf(turn), messageMetadata: metadataOf(turn) },
  ];
}

/** What a message tells of the last turn in it. */
export const metadataOf = (turn: Turn): Record<string, unknown> => {
  const { input_tokens, output_tokens, model } = turn;
  return {
    call_id: callId(turn.id),
    created_at: isoTime(turn.created_at),
    status: statusOf(turn),
    ...(model !== null && { model }),
    ...(input_tokens !== null &&
      output_tokens !== null && { usage: { input_tokens, output_tokens } }),
  };
};

function finishReasonOf(turn: Turn): FinishReason {
  const cut = turn.extra.response?.cut;
  if (cut === "max_output_tokens") return "length";
  if (cut === "content_filter") return "content-filter";
  if (turn.status === "interrupted") return "interrupted";
  const calls = outputOf(turn).some(({ type }) => CALLS.has(type));
  return calls ? "tool-calls" : "stop";
}
const CALLS = new Set<string>(["function_call", "custom_tool_call"]);
