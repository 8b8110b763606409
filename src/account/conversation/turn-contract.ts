import type { Content, Message } from "../../shared/items.ts";
import type { InputItem } from "../../openai/responses/item-input.ts";
import type { Policy } from "../../policies/policy.ts";
import type { Scope } from "../../shared/scopes.ts";
import type { IdempotencyKey } from "../store/turns/idempotency.ts";
import type { Metadata } from "../store/sessions/sessions.ts";
import type { PolicyEvent, PolicyRecord } from "../../shared/policy-record.ts";
import type { Principal } from "../../shared/principal.ts";
import type { ResponseExtra, Turn, TurnStatus } from "../../shared/turn.ts";

export interface BeginRequest {
  /** The caller; the object sets it. */
  caller?: Principal | null | undefined;
  /** Absent: the user's open session, or a new one. */
  session_id?: string | undefined;
  /** The id of the session if a new one has to be opened without being named. */
  new_session_id: string;
  input: Content;
  user_id?: string | undefined;
  /** The session's, or `default`, unless it is named. */
  assistant?: string | undefined;
  role?: string | undefined;
  /** One of the assistant's; all of them, in order, without it. */
  model?: string | undefined;
  /** The deployment's `MODEL`, for assistants that name no model. */
  models: string[];
  /** The caller's rights; absent for the deployment itself. */
  scopes?: readonly Scope[] | undefined;
  metadata?: Metadata | undefined;
  /** JSON: a merge patch of the session's state, applied when the turn is completed. */
  state_patch?: string | undefined;
  on_busy: "queue" | "reject";
  idempotency?: IdempotencyKey | undefined;
  /** The turn of the session that this request tries again, whether its key is known and its content is the same or not. */
  retries?: number | undefined;
  /** No session is opened for it: the one that is named is there, or the request is refused. */
  must_exist?: boolean | undefined;
  /** The turn that this one follows: in its session, or in a fork from there if that session has continued. */
  previous_turn_id?: number | undefined;
  /** The turn after `previous_turn_id` begins in a fork, even where its session could go on. */
  always_forks?: boolean | undefined;
  /** The model is shown all of the session, and not the assistant's window of it. */
  full_history?: boolean | undefined;
  /** Instructions for this turn alone, after the assistant's own. */
  instructions?: string | undefined;
  /** It came by `/v1`. */
  response?: ResponseExtra | undefined;
  /** Instead of `input`: items of which some are only named. */
  named_items?: InputItem[] | undefined;
  /** A background worker answers it: see {@link TurnLifecycle.resume}. */
  background?: boolean | undefined;
  /** When it was asked first, where this is another try of it. */
  created_at?: number | undefined;
  /** The token of a try that is known to be over, whatever its lease says. */
  takes_over?: string | undefined;
  /** The turn after which nothing is shown. */
  until?: number | undefined;
}

/** A turn that has begun. The caller hands it back to settle: an object that was evicted in between loses nothing. */
export interface OpenTurn {
  turn_id: number;
  /** Token of the turn's holder; a settle under another token changes nothing. */
  token: string;
  session_id: string;
  input: Content;
  created_at: number;
  /** The session is made by this turn. */
  new_session: boolean;
  restored: boolean;
  /** Its number comes after numbers of turns that are gone. */
  skips?: boolean | undefined;
  /** When the account was last erased: a turn of its life before is not written into this one. */
  account_erased_at: number | null;
  /** When the session was last written as accessed. */
  accessed_at: number;
  user_id?: string | undefined;
  /** Null for `default`. */
  assistant: string | null;
  role: string | null;
  /** Number of window messages that the model is shown. */
  shown: number;
  /** The system message before them: see frames.ts. */
  frame?: number | undefined;
  /** The user's facts after it: see shared/turn.ts. */
  facts?: string[] | undefined;
  /** Merged into the session's. */
  metadata?: Metadata | undefined;
  /** The request's. */
  state_patch?: string | undefined;
  idempotency?: IdempotencyKey | undefined;
  /** The cache's entry for the session's first answer. */
  cache_key?: string | undefined;
  response?: ResponseExtra | undefined;
  /** It is answered without anybody waiting for it. */
  background?: boolean | undefined;
}

/** A begun turn as the lifecycle keeps it until it is settled. */
export interface PendingTurn {
  open: OpenTurn;
  /** The stored turn under this id: a retried turn starts with its failed try. */
  stored: Turn | null;
  /** Whether the begin itself is written: the session, its details, the idempotency key. */
  begun: boolean;
  /** The system message, where this instance began the turn. */
  system?: { text: string; isOwn: boolean } | undefined;
  /** A merge patch of the session's state that came with the answer. */
  answer_patch?: string | undefined;
  /** The turn before it, where its lease ran out: to be written down as abandoned. */
  abandoned: Turn | null;
  /** For a background turn: what its worker needs to know. */
  begun_as?: Extract<BeginResult, { kind: "begun" }> | undefined;
}

/** An entry of the cache, and for how long it may be kept, in seconds. */
export interface CachedAnswer {
  key: string;
  seconds: number;
}

export type BeginResult =
  | {
      kind: "begun";
      turn: OpenTurn;
      /** Messages that the model is shown before the new one. */
      window: Message[];
      /** Models that may answer, in order of preference. */
      models: string[];
      /** Where code answers in their place: which, and the session's state, as JSON. */
      responder?: { name: "travel"; state: string };
      /** The last turn that left the window, when enough has for the next summary; else null. */
      to_summarise: number | null;
      /** Facts about the user are taken out of it by a job, once it is completed. */
      to_remember?: true;
      /** The assistant's policies; absent where it has none. */
      policed?: {
        policies: Policy[];
        text: string;
        refusal: string | null;
        events: PolicyEvent[];
      };
      /** Where the answer may be kept, or be found; null: it is this session's own. */
      cache: CachedAnswer | null;
    }
  | { kind: "replay"; session_id: string; turn: Turn };

/** What became of pieces of a streamed answer. */
export interface AppendResult {
  /** False when the turn has lost its lease. */
  isKept: boolean;
  /** Whether a reader waits for more. */
  isFollowed: boolean;
}

/** How a turn would be answered that is not kept. */
export type TurnPreview = Pick<
  Extract<BeginResult, { kind: "begun" }>,
  "window" | "models" | "responder" | "policed"
> & { assistant: string; input: Content };

export interface Outcome {
  status: Exclude<TurnStatus, "in_progress" | "abandoned">;
  output: Content | null;
  model: string | null;
  input_tokens: number | null;
  output_tokens: number | null;
  duration_ms: number;
  /** Its code and message are stored. */
  error?:
    | { code: string; message: string; provider_code?: string; retry_after_ms?: number }
    | undefined;
  /** JSON: a merge patch of the session's state, made with the answer. */
  state_patch?: string | undefined;
  /** The answer came from the cache. */
  cached?: true;
  /** Changes that policies made. */
  policy?: PolicyRecord | undefined;
  /** Fields for `/v1` beside those of the request. */
  response?: ResponseExtra | undefined;
}
