import { estimateTokenCount } from "tokenx";

import type { Config } from "../config.ts";
import { DEFAULT_ASSISTANT } from "../assistants/assistant.ts";
import { ApiError } from "../shared/errors.ts";
import { messagesOf, paired, plainContent } from "../shared/items.ts";
import type { Item } from "../shared/items.ts";
import { mintSessionId } from "../shared/ids.ts";
import type { ModelError } from "../models/model.ts";
import { callAccount } from "../account/account-client.ts";
import type { InputItem } from "../openai/responses/item-input.ts";
import type { Piece } from "../openai/responses/response-pieces.ts";
import { unkeptTurn } from "../openai/responses/response.ts";
import { modelSettings } from "../openai/responses/settings.ts";
import type { ResponseSettings } from "../openai/responses/settings.ts";
import type { Scope } from "../shared/scopes.ts";
import type { IdempotencyKey } from "../account/store/turns/idempotency.ts";
import type {
  BeginRequest,
  BeginResult,
  Outcome,
  TurnPreview,
} from "../account/conversation/turn-contract.ts";
import type { Metadata } from "../account/store/sessions/sessions.ts";
import { estimateTokens } from "../account/conversation/window.ts";
import { SECOND_MS } from "../shared/time.ts";
import { answerTurn } from "./answer-turn.ts";
import { isStored } from "../directory/feature-flags.ts";
import { StreamPersister } from "./stream-persister.ts";
import { recordTurn } from "./record-turn.ts";
import { summarise } from "./summarise.ts";
import type { Principal } from "../shared/principal.ts";
import type { Turn } from "../shared/turn.ts";
import { keepingLease } from "./keep-lease.ts";

/** How soon whoever answers in the background finds out that the response was cancelled. */
const CANCELLED_MS = 5 * SECOND_MS;

/** What a request of `/v1` asks for. */
export interface RespondRequest {
  account_id: string;
  /** Whom it is asked for, for the account's object to check. */
  principal: Principal | null;
  /** What the caller may do. */
  scopes: readonly Scope[];
  input: InputItem[];
  settings: ResponseSettings;
  /** The session that is gone on with. */
  conversation?: string | undefined;
  /** Or the turn that it comes behind. */
  previous_turn_id?: number | undefined;
  /** The id of the session, if one is opened; one is minted without it. */
  new_session_id?: string | undefined;
  /** Instead: what was said before, which nobody has kept. */
  before?: Item[] | undefined;
  assistant?: string | undefined;
  /** The session's, where one is opened. */
  metadata?: Metadata | undefined;
  /** Whether it is kept. */
  store: boolean;
  idempotency?: IdempotencyKey | undefined;
}

export interface RespondOptions {
  now: number;
  /** Gives up on the model. Absent where nobody does. */
  signal?: AbortSignal | undefined;
  /** Told of each piece as it comes; with it, the answer is streamed. */
  onPiece?: ((piece: Piece) => void) | undefined;
  /** Sees to it that work goes on after the reply. */
  background: (work: Promise<unknown>) => void;
}

/** A response that has begun. */
export interface OpenResponse {
  /** As it is before it is answered; as it ended, where that was before. */
  turn: Turn;
  /** Null where nothing is kept. */
  session_id: string | null;
  /** Answers it, and says how it ended. @throws ApiError when that cannot be kept */
  finish: (options: RespondOptions) => Promise<Turn>;
}

/**
 * Begins a response: a turn, or where nothing is kept, only what a turn would be shown.
 *
 * @throws ApiError when it is refused
 */
export async function openResponse(
  env: Env,
  config: Config,
  request: RespondRequest,
  now: number,
): Promise<OpenResponse> {
  const { account_id, principal, settings } = request;
  const subject = { account_id, user_id: principal?.user_id };
  const isKept = request.store && (await isStored(env, config, subject));
  if (!isKept && settings.background)
    throw new ApiError("invalid_request", "What is made in the background has to be stored.", {
      param: "background",
    });
  if (!isKept) {
    const peeked = await peekResponse(env, config, request, now);
    return unkept(env, config, request, peeked, now);
  }
  const begun = await callAccount(env, account_id, (account) =>
    account.turns.begin(principal, beginRequest(config, request, now), now),
  );
  if (begun.kind === "replay") {
    const { turn, session_id } = begun;
    if (turn.extra.response?.deleted) throw new ApiError("response_not_found", "It was deleted.");
    return { turn, session_id, finish: () => Promise.resolve(turn) };
  }
  const { turn: open } = begun;
  return {
    turn: {
      ...IN_PROGRESS,
      id: open.turn_id,
      created_at: open.created_at,
      input: open.input,
      extra: open.response ? { response: open.response } : {},
    },
    session_id: open.session_id,
    finish: (options) => finishTurn(env, config, account_id, begun, settings, options),
  };
}

const IN_PROGRESS = {
  status: "in_progress",
  duration_ms: null,
  model: null,
  input_tokens: null,
  output_tokens: null,
  output: null,
} as const;

function beginRequest(config: Config, request: RespondRequest, now: number): BeginRequest {
  const { principal, scopes, input, settings, conversation, previous_turn_id, idempotency } =
    request;
  const { truncation, instructions, model } = settings;
  const isPlain = input.every((item): item is Item => item.type !== "item_reference");
  const before = request.before ?? [];
  return {
    session_id: conversation ?? request.new_session_id,
    new_session_id: request.new_session_id ?? mintSessionId(now),
    must_exist: conversation !== undefined,
    previous_turn_id,
    ...(isPlain
      ? { input: plainContent([...before, ...input], "user") }
      : { input: "", named_items: [...before, ...input] }),
    user_id: ownUser(principal, conversation, previous_turn_id),
    role: principal?.role,
    assistant: request.assistant,
    metadata: request.metadata,
    model,
    models: config.MODEL,
    scopes,
    full_history: truncation !== "auto",
    instructions,
    response: { settings: JSON.stringify(settings) },
    ...(settings.background && { background: true }),
    on_busy: "queue",
    ...(idempotency && { idempotency }),
  };
}

/** A new session belongs to whom it is asked for. One that is there says itself whose it is. */
const ownUser = (
  principal: Principal | null,
  conversation: string | undefined,
  previous_turn_id: number | undefined,
): string | undefined =>
  conversation === undefined && previous_turn_id === undefined ? principal?.user_id : undefined;

/**
 * Answers a turn that was begun, and settles it. A model that fails fails the turn, and nothing else.
 *
 * @throws ApiError `turn_lost` when the turn was cancelled meanwhile, or anything that keeps it from being kept
 */
export async function finishTurn(
  env: Env,
  config: Config,
  accountId: string,
  begun: Extract<BeginResult, { kind: "begun" }>,
  settings: ResponseSettings,
  { now, signal, onPiece, background }: RespondOptions,
): Promise<Turn> {
  const { turn, window, models, to_summarise: left } = begun;
  const { session_id } = turn;
  const call = {
    account_id: accountId,
    session_id,
    models,
    messages: paired([...window, ...messagesOf(turn.input, "user")]),
    settings: modelSettings(settings),
  };
  const lost = new AbortController();
  const onLost = () => lost.abort();
  const keeper = onPiece && new StreamPersister(env, accountId, turn, onLost);
  const how = {
    now,
    signal: signal ? AbortSignal.any([signal, lost.signal]) : lost.signal,
    ...streaming(
      onPiece &&
        ((piece) => {
          keeper?.add(piece);
          onPiece(piece);
        }),
    ),
  };
  const every = settings.background ? CANCELLED_MS : undefined;
  const subject = { account_id: accountId, user_id: turn.user_id };
  const work = () => answerTurn(env, config, call, begun, subject, how);
  const { outcome } = await keepingLease(env, accountId, turn, work, { onLost, every });
  await keeper?.end();
  recordTurn(env, accountId, turn.assistant ?? DEFAULT_ASSISTANT, outcome);
  const settled = await callAccount(env, accountId, (account) =>
    account.turns.settle(turn, outcome, now),
  );
  if (left !== null)
    background(summarise(env, config, { account_id: accountId, session_id, models, left }));
  return settled;
}

/** A piece is text or something else, and models tell them apart. */
const streaming = (onPiece: ((piece: Piece) => void) | undefined) =>
  onPiece && {
    onDelta: (delta: string) => {
      if (delta !== "") onPiece({ type: "text", delta });
    },
    onPart: onPiece,
  };

function unkept(
  env: Env,
  config: Config,
  request: RespondRequest,
  peeked: TurnPreview,
  now: number,
): OpenResponse {
  const { account_id, principal, settings } = request;
  const turn: Turn = {
    ...IN_PROGRESS,
    id: unkeptTurn(),
    created_at: now,
    input: peeked.input,
    extra: { response: { settings: JSON.stringify(settings) } },
  };
  const { window, models, assistant } = peeked;
  const call = {
    account_id,
    session_id: request.conversation,
    models,
    messages: paired([...window, ...messagesOf(peeked.input, "user")]),
    settings: modelSettings(settings),
  };
  return {
    turn,
    session_id: null,
    async finish({ signal, onPiece }) {
      const how = { now, signal, ...streaming(onPiece) };
      const subject = { account_id, user_id: principal?.user_id };
      const { outcome } = await answerTurn(env, config, call, peeked, subject, how);
      recordTurn(env, account_id, assistant, outcome);
      return ended(turn, outcome);
    },
  };
}

function ended(turn: Turn, outcome: Outcome): Turn {
  const { status, output, model, input_tokens, output_tokens, duration_ms } = outcome;
  const { error, policy, response } = outcome;
  return {
    ...turn,
    status,
    output,
    model,
    input_tokens,
    output_tokens,
    duration_ms,
    extra: {
      response: { ...turn.extra.response, ...response },
      ...(error && { error }),
      ...(policy && { policy }),
    },
  };
}

/** What a response would be made of, were it begun now. Nothing is kept of it. @throws ApiError when it is refused */
export function peekResponse(
  env: Env,
  config: Config,
  request: RespondRequest,
  now: number,
): Promise<TurnPreview> {
  const { account_id, principal } = request;
  return callAccount(env, account_id, (account) =>
    account.turns.preview(principal, beginRequest(config, request, now), now),
  );
}

/** How many tokens the model would be shown: an estimate, as no tokeniser of any model is at hand. */
export async function estimateInput(
  env: Env,
  config: Config,
  request: RespondRequest,
  now: number,
): Promise<number> {
  const { settings } = request;
  const { window, input } = await peekResponse(env, config, request, now);
  const tools = settings.tools ? estimateTokenCount(JSON.stringify(settings.tools)) : 0;
  return tools + estimateTokens(paired([...window, ...messagesOf(input, "user")]));
}

/** Why a turn has no answer. @throws ApiError for one that failed */
export function checkAnswered(turn: Turn, isKept: boolean): void {
  if (turn.status !== "failed") return;
  const { code, message } = turn.extra.error as Pick<ModelError, "code" | "message">;
  const kept = isKept
    ? "The response is kept as failed; send it again"
    : "Nothing was kept; send it again";
  throw new ApiError(code, `${message}. ${kept}.`);
}
