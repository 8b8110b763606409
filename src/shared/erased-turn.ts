import type { Turn } from "./turn.ts";

/** In `extra`: the turn's response, or all of it, was erased. */
export const GONE = { response: { deleted: true as const } };

type Said = Pick<Turn, "input" | "output"> & {
  extra: { call?: { id?: string | undefined } | undefined };
};

/** Texts of a turn whose words are erased. */
export function emptiedContent({ output, extra }: Said): Pick<Turn, "input" | "output" | "extra"> {
  const call = extra.call?.id;
  return {
    input: [],
    output: output && [],
    extra: { ...GONE, ...(call !== undefined && { call: { id: call } }) },
  };
}

/** An erased turn keeps its number, its times and its counts. */
export function emptied(turn: Turn): Turn {
  const { model, input_tokens, output_tokens, created_at, duration_ms, status, id } = turn;
  const counted = { id, status, created_at, duration_ms, model, input_tokens, output_tokens };
  return { ...counted, ...emptiedContent(turn) };
}
