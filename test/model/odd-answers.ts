import type { Outcome } from "../../src/account/conversation/turn-contract.ts";
import type { Turn } from "../../src/shared/turn.ts";

type Extra = Turn["extra"];

/** What odd providers answer, and what has to be kept of it. */
export const ODD_ANSWERS: readonly {
  given: Partial<Outcome>;
  kept: Partial<Pick<Turn, "output" | "model" | "duration_ms" | "input_tokens" | "output_tokens">>;
  extra?: Extra;
}[] = [
  {
    given: { input_tokens: 1.5, output_tokens: -5 },
    kept: { input_tokens: 2, output_tokens: 0 },
  },
  {
    given: { input_tokens: 1e300, output_tokens: Number.NaN },
    kept: { input_tokens: 1_000_000_000, output_tokens: null },
  },
  {
    given: { input_tokens: null, output_tokens: null },
    kept: { input_tokens: null, output_tokens: null },
  },
  { given: { output: "" }, kept: { output: "" } },
  { given: { output: "half \ud83d" }, kept: { output: "half \ufffd" } },
  { given: { output: "\u0001[ alpha" }, kept: { output: "\u0001[ alpha" } },
  { given: { output: "bravo \u0000 charlie" }, kept: { output: "bravo \u0000 charlie" } },
  { given: { model: "m".repeat(600) }, kept: { model: "m".repeat(513) } },
  { given: { duration_ms: -1 }, kept: { duration_ms: 0 } },
  { given: { duration_ms: 1e300 }, kept: { duration_ms: 3_650 * 24 * 3_600_000 } },
  {
    given: { response: { cut: "content_filter", cached_tokens: 0.6, reasoning_tokens: -7 } },
    kept: {},
    extra: { response: { cut: "content_filter", cached_tokens: 1, reasoning_tokens: 0 } },
  },
];
