import type { PolicyRecord } from "./policy-record.ts";
import type { Content, Message } from "./items.ts";
import { messagesOf } from "./items.ts";

/** The order is what `turns.status` holds. */
export const TURN_STATUSES = [
  "in_progress",
  "completed",
  "failed",
  "abandoned",
  "interrupted",
] as const;

export type TurnStatus = (typeof TURN_STATUSES)[number];

/** A call that somebody else made, and wrote down here. */
export interface ExternalCall {
  /** The caller's. */
  id?: string | undefined;
  /** JSON: a chat completion's request and response, as they were sent. */
  request?: string | undefined;
  response?: string | undefined;
  /** Chunks of the response that are not put together yet; the payload is JSON. */
  chunks?: { index: number; payload: string }[] | undefined;
  /** JSON. */
  metadata?: string | undefined;
}

/** What a turn of `/v1` has beside what every turn has. Source of names: the OpenAI API. */
export interface ResponseExtra {
  /** JSON: what was asked beside the input, to be told again. */
  settings?: string | undefined;
  /** Why the answer ends before its end. */
  cut?: "max_output_tokens" | "content_filter" | "cancelled" | undefined;
  cached_tokens?: number | undefined;
  reasoning_tokens?: number | undefined;
  /** How it was streamed, output item by output item: the lengths of its pieces, in UTF-16 units. */
  pieces?: number[][] | undefined;
  /** The response was deleted; what its conversation keeps of it is here. */
  deleted?: true | undefined;
}

/** What few turns have. */
export interface TurnExtra {
  /** Only while in progress: whose turn it is, and until when nobody else may take the session. */
  lease?: { token: string; until: number };
  /** Why it failed. */
  error?: { code: string; message: string };
  /** The session came back from its archive for this turn. */
  restored?: true;
  /** The version of the session's state after the turn's own patch of it. */
  state_version?: number;
  /** The answer is one that was given before, from the cache. */
  cached?: true;
  /** What policies did to it. */
  policy?: PolicyRecord;
  /** It was written from outside. */
  call?: ExternalCall;
  /** It came by `/v1`. */
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
  /** Who answered, as `provider/model`. */
  model: string | null;
  input_tokens: number | null;
  output_tokens: number | null;
  input: Content;
  output: Content | null;
  /** So many messages of the window the model was shown before this; absent where that is not known. */
  shown?: number;
  /** The system message that stood before them: see frames.ts. Absent where there was none. */
  frame?: number;
  extra: TurnExtra;
}

/** What was said in a turn, and how it ended. */
export type TurnText = Pick<Turn, "id" | "status" | "input" | "output" | "extra">;

/** Whether what the turn holds is part of its conversation: what was asked in vain is not. */
export const isVisible = ({ status }: Pick<Turn, "status">): boolean =>
  status === "completed" || status === "interrupted";

/** The turn's messages in order: what was asked, then what was answered. */
export function turnMessages(turn: Pick<Turn, "input" | "output">): Message[] {
  const input = messagesOf(turn.input, "user");
  return turn.output === null ? input : [...input, ...messagesOf(turn.output, "assistant")];
}

export const messageCount = (turn: Turn): number => turnMessages(turn).length;

/** How many of them are of its answer. */
export const answerCount = ({ output }: Turn): number =>
  output === null ? 0 : messagesOf(output, "assistant").length;

/**
 * The turn as it is at `now`: one that is in progress past its lease is abandoned, whether or not anybody has come by
 * to write that down. So nothing is ever seen in progress past its lease, and no alarm is needed for it.
 */
export function settledView(turn: Turn, now: number): Turn {
  if (turn.status !== "in_progress" || (turn.extra.lease?.until ?? 0) > now) return turn;
  const { lease: _, ...extra } = turn.extra;
  return { ...turn, status: "abandoned", extra };
}
