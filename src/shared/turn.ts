import type { PolicyRecord } from "./policy-record.ts";
import type { Content, Message } from "./items.ts";
import { messagesOf } from "./items.ts";

/** In the order of the numbers in `turns.status`: append only. */
export const TURN_STATUSES = [
  "in_progress",
  "completed",
  "failed",
  "abandoned",
  "interrupted",
] as const;

export type TurnStatus = (typeof TURN_STATUSES)[number];

/** A call that the client made to a model, and recorded here. */
export interface ExternalCall {
  /** The client's id. */
  id?: string | undefined;
  /** A chat completion's request and response as they were sent, in JSON. */
  request?: string | undefined;
  response?: string | undefined;
  /** Chunks of a response that is not assembled yet. The payload is JSON. */
  chunks?: { index: number; payload: string }[] | undefined;
  /** JSON. */
  metadata?: string | undefined;
}

/** More fields of a turn of `/v1`. Source of names: the OpenAI API. */
export interface ResponseExtra {
  /** The settings of the request, as JSON. */
  settings?: string | undefined;
  /** Why the answer was cut short. */
  cut?: "max_output_tokens" | "content_filter" | "cancelled" | undefined;
  cached_tokens?: number | undefined;
  reasoning_tokens?: number | undefined;
  /** The lengths of each output item's streamed pieces, in UTF-16 units. */
  pieces?: number[][] | undefined;
  /** Whether the response was deleted. Its conversation keeps the items. */
  deleted?: true | undefined;
}

/** Fields that few turns have. */
export interface TurnExtra {
  /** Only while in progress: no other turn takes the session until then. */
  lease?: { token: string; until: number };
  /** Only its code and message are stored. */
  error?: { code: string; message: string; provider_code?: string; retry_after_ms?: number };
  /** The session came back from its archive for this turn. */
  restored?: true;
  /** The version of the session's state after the turn's own patch of it. */
  state_version?: number;
  /** Whether the answer came from the cache. */
  cached?: true;
  policy?: PolicyRecord;
  /** The user's facts that the model was shown, in their order, without their texts: see user-facts.ts. */
  facts?: string[];
  /** Set for a recorded call. */
  call?: ExternalCall;
  /** Set for a turn of `/v1`. */
  response?: ResponseExtra;
  /** Values out of bounds that the turn was stored with, as JSON by the field's path: see bound-turn.ts. */
  original?: Record<string, string>;
}

/** One request and its response. Times are ms since the epoch. */
export interface Turn {
  id: number;
  status: TurnStatus;
  created_at: number;
  duration_ms: number | null;
  /** The model that answered, as `provider/model`. */
  model: string | null;
  input_tokens: number | null;
  output_tokens: number | null;
  input: Content;
  output: Content | null;
  /** The number of messages in the window; absent when unknown. */
  shown?: number;
  /** The system message before the window, as system-prompts.ts numbers them. Absent without one. */
  frame?: number;
  extra: TurnExtra;
}

/** The content and status of a turn. */
export type TurnText = Pick<Turn, "id" | "status" | "input" | "output" | "extra">;

/** Whether the turn is part of its conversation. A turn without an answer is not. */
export const isVisible = ({ status }: Pick<Turn, "status">): boolean =>
  status === "completed" || status === "interrupted";

/** The turn's messages: its input, then its output. */
export function turnMessages(turn: Pick<Turn, "input" | "output">): Message[] {
  const input = messagesOf(turn.input, "user");
  return turn.output === null ? input : [...input, ...messagesOf(turn.output, "assistant")];
}

export const messageCount = (turn: Turn): number => turnMessages(turn).length;

/** The number of messages in its answer. */
export const answerCount = ({ output }: Turn): number =>
  output === null ? 0 : messagesOf(output, "assistant").length;

/**
 * The turn at `now`: a turn in progress past its lease is `abandoned`, before any write says so. Readers see no turn in
 * progress past its lease, and no alarm is needed.
 */
export function settledView(turn: Turn, now: number): Turn {
  if (turn.status !== "in_progress" || (turn.extra.lease?.until ?? 0) > now) return turn;
  const { lease: _, ...extra } = turn.extra;
  return { ...turn, status: "abandoned", extra };
}
