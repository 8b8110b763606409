import type { Content, Message } from "../items.ts";
import type { IdempotencyKey } from "./idempotency.ts";
import type { Metadata } from "./sessions.ts";
import type { Turn, TurnStatus } from "./turns.ts";

export interface BeginRequest {
  session_id: string;
  input: Content;
  user_id?: string | undefined;
  metadata?: Metadata | undefined;
  on_busy: "queue" | "reject";
  /** How many messages the model is shown. */
  window: number;
  idempotency?: IdempotencyKey | undefined;
}

/** A turn that has begun. The caller hands it back to settle: an object that was evicted in between loses nothing. */
export interface OpenTurn {
  turn_id: number;
  /** Whose turn it is; a settle under another token changes nothing. */
  token: string;
  session_id: string;
  input: Content;
  created_at: number;
  /** The session is made by this turn. */
  new_session: boolean;
  restored: boolean;
  /** When the account was last erased: a turn of its life before is not written into this one. */
  account_erased_at: number | null;
  /** When the session was last written as accessed. */
  accessed_at: number;
  user_id?: string | undefined;
  /** Merged into the session's. */
  metadata?: Metadata | undefined;
  idempotency?: IdempotencyKey | undefined;
}

export type Begun =
  | { kind: "begun"; turn: OpenTurn; window: Message[] }
  | { kind: "replay"; session_id: string; turn: Turn };

export interface Outcome {
  status: Exclude<TurnStatus, "in_progress" | "abandoned">;
  output: Content | null;
  model: string | null;
  input_tokens: number | null;
  output_tokens: number | null;
  duration_ms: number;
  error?: { code: string; message: string } | undefined;
}
