import type { Turn } from "../../../shared/turn.ts";
import { answerChunks, resultChunks } from "./turn-chunks.ts";
import type { UiChunk } from "./ui-chunks.ts";

/**
 * The chunks of a message's earlier steps, with all results: a client that resumes builds the whole message from its stream.
 *
 * @param turns - of the message, in order; of the last one, which is in progress, the results alone
 */
export function earlierChunks(turns: readonly Turn[]): UiChunk[] {
  const chunks = turns.flatMap((turn) => [...resultChunks(turn), ...answerChunks(turn)]);
  const answered = new Set(
    chunks.filter(({ type }) => type === "tool-output-available").map(callIn),
  );
  return turns.flatMap((turn, index) => [
    ...(index === 0 ? [] : resultChunks(turn)),
    ...(index === turns.length - 1 ? [] : step(turn, answered)),
  ]);
}

const step = (turn: Turn, answered: ReadonlySet<string | null>): UiChunk[] => [
  { type: "start-step" },
  ...withoutCalls(answerChunks(turn), answered),
  { type: "finish-step" },
];

/** At `tool-input-available` a client runs the tool. Here its tool has run: its input comes as deltas alone. */
function withoutCalls(chunks: UiChunk[], answered: ReadonlySet<string | null>): UiChunk[] {
  return chunks.flatMap((chunk) => {
    if (chunk.type !== "tool-input-available" || !answered.has(chunk.toolCallId)) return [chunk];
    const { toolCallId, toolName, input } = chunk;
    const own = chunks.filter((each) => callIn(each) === toolCallId);
    const inputTextDelta = JSON.stringify(input);
    return [
      ...(own.some(({ type }) => type === "tool-input-start")
        ? []
        : [{ type: "tool-input-start" as const, toolCallId, toolName }]),
      ...(own.some(({ type }) => type === "tool-input-delta")
        ? []
        : [{ type: "tool-input-delta" as const, toolCallId, inputTextDelta }]),
    ];
  });
}

const callIn = (chunk: UiChunk): string | null => ("toolCallId" in chunk ? chunk.toolCallId : null);
