import { tracing } from "cloudflare:workers";

import { currentContext } from "./request-context.ts";

/** Names of spans. A model's call is named after its operation and model: `chat gpt-5.2`. */
export type SpanName =
  | "colloquy.turn.begin"
  | "colloquy.turn.settle"
  | "colloquy.sweep"
  | "colloquy.archive"
  | "colloquy.restore"
  | `chat ${string}`;

/**
 * Attributes of spans. `gen_ai.*` and `error.type` are OpenTelemetry's, from its semantic conventions for generative AI.
 * Values are flat: the runtime writes an object as "[object Object]".
 */
export interface SpanAttributes {
  "gen_ai.operation.name"?: "chat";
  "gen_ai.provider.name"?: string;
  "gen_ai.request.model"?: string;
  "gen_ai.request.max_tokens"?: number | undefined;
  "gen_ai.request.temperature"?: number | undefined;
  "gen_ai.request.top_p"?: number | undefined;
  "gen_ai.response.model"?: string;
  "gen_ai.response.finish_reasons"?: string;
  "gen_ai.usage.input_tokens"?: number | undefined;
  "gen_ai.usage.output_tokens"?: number | undefined;
  "gen_ai.conversation.id"?: string | undefined;
  /** JSON. Only with `TRACE_CONTENT=on`. */
  "gen_ai.input.messages"?: string;
  /** JSON. Only with `TRACE_CONTENT=on`. */
  "gen_ai.output.messages"?: string;
  "error.type"?: string;
  "colloquy.request_id"?: string;
  "colloquy.account_id"?: string;
  "colloquy.call_id"?: string;
  /** Sessions that a sweep archived, or could not archive. */
  "colloquy.sessions"?: number;
  "colloquy.errors"?: number;
  /** Bytes written to R2. */
  "colloquy.bytes"?: number;
}

/**
 * Runs work in a span of Cloudflare's tracing. Its status is set here: the runtime records a span whose work throws as "ok".
 *
 * @param about - attributes that are known before the work
 * @param learned - attributes that its result has
 */
export async function withSpan<T>(
  name: SpanName,
  about: SpanAttributes,
  work: () => T | Promise<T>,
  learned: (result: T) => SpanAttributes = () => ({}),
): Promise<T> {
  // A span inside of one that is not recorded is not recorded. To enter it takes ten times as long as to ask.
  if (tracing.getActiveSpan()?.isTraced === false) return work();
  return tracing.enterSpan(name, async (span) => {
    // Attributes would cost each turn, and be dropped.
    if (!span.isTraced) return work();
    const set = (attributes: SpanAttributes) => span.setAttributes({ ...attributes });
    set(about);
    try {
      const result = await work();
      set({ ...contextAttributes(), ...learned(result) });
      span.setStatus({ code: "ok" });
      return result;
    } catch (error) {
      // The error's message may hold a caller's words: its code tells enough.
      const type = typeOf(error);
      set({ ...contextAttributes(), "error.type": type });
      span.setStatus({ code: "error", message: type });
      throw error;
    }
  });
}

function contextAttributes(): SpanAttributes {
  const context = currentContext();
  if (!context) return {};
  const { request_id, account_id, call_id } = context;
  return {
    "colloquy.request_id": request_id,
    ...(account_id !== undefined && { "colloquy.account_id": account_id }),
    ...(call_id !== undefined && { "colloquy.call_id": call_id }),
  };
}

function typeOf(error: unknown): string {
  if (!(error instanceof Error)) return "error";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
