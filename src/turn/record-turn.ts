import { count, observe } from "../observe/metrics.ts";
import type { Outcome } from "../account/conversation/turn-contract.ts";
import type { Turn } from "../shared/turn.ts";

/** Counts a turn in the metrics and, if a dataset is bound, in Analytics Engine. No text, session or user. */
export function recordTurn(
  env: Pick<Env, "ANALYTICS">,
  accountId: string,
  assistant: string,
  outcome: Pick<Turn, "status" | "model" | "input_tokens" | "output_tokens" | "duration_ms"> &
    Pick<Outcome, "cached">,
): void {
  const { status, model, input_tokens, output_tokens, duration_ms, cached } = outcome;
  const answered = model ?? "none";
  count("turns_total", { status, model: answered });
  if (!cached) observe("turn_duration_ms", duration_ms ?? 0, { model: answered });
  count("tokens_total", { direction: "input" }, input_tokens ?? 0);
  count("tokens_total", { direction: "output" }, output_tokens ?? 0);
  env.ANALYTICS?.writeDataPoint({
    indexes: [accountId.slice(0, 96)],
    blobs: [assistant, answered, status, cached ? "cached" : ""],
    doubles: [1, input_tokens ?? 0, output_tokens ?? 0, duration_ms ?? 0],
  });
}
