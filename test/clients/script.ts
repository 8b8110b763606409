/** An answer of the model, as test/support/model-answers.ts takes it. */
export interface Step {
  content?: string;
  refusal?: string;
  reasoning_content?: string;
  reasoning_details?: object[];
  tool_calls?: { name: string; arguments: unknown }[];
  finish_reason?: string;
  status?: number;
  error_after?: number;
  cut_after?: number;
  late_names?: boolean;
  drip_ms?: number;
  shown?: boolean;
}

/** What a user says, with the answers that the model is to give, one for each time that it is asked. */
export const script = (text: string, steps: Step[]): string =>
  `${text} <<${JSON.stringify(steps)}>>`;

export const withoutScript = (text: string): string => text.replace(/\s*<<[\s\S]*>>\s*/, "").trim();

export const calls = (name: string, ...given: object[]): Step["tool_calls"] & object =>
  given.map((each) => ({ name, arguments: each }));
