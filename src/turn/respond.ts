import type { Config } from "../config.ts";
import { callAccount } from "../account/account-client.ts";
import type { Outcome } from "../account/conversation/turn-contract.ts";
import { isStored } from "../directory/feature-flags.ts";
import { unstoredTurnId } from "../openai/responses/response.ts";
import { modelSettings } from "../openai/responses/settings.ts";
import { ApiError } from "../shared/errors.ts";
import type { Turn } from "../shared/turn.ts";
import { answerTurn } from "./answer-turn.ts";
import { promptOf } from "./answer.ts";
import { finishTurn, pieceListeners } from "./finish-turn.ts";
import type { RespondOptions } from "./finish-turn.ts";
import { notAnswered } from "./model-failure.ts";
import type { ModelFailure } from "./model-failure.ts";
import { recordTurn } from "./record-turn.ts";
import { beginRequest, previewResponse } from "./respond-request.ts";
import type { RespondRequest } from "./respond-request.ts";

/** A response that has begun. */
export interface OpenResponse {
  /** The turn before its answer; the finished turn when the request was a replay. */
  turn: Turn;
  /** Null when nothing is stored. */
  session_id: string | null;
  /** Answers the turn. @returns the turn as it ended. @throws ApiError when it cannot be stored */
  finish: (options: RespondOptions) => Promise<Turn>;
}

/**
 * Begins a response. When nothing is to be stored, it reads what a turn would be shown, and begins none.
 *
 * @throws ApiError when the request is refused
 */
export async function openResponse(
  env: Env,
  config: Config,
  request: RespondRequest,
  now: number,
): Promise<OpenResponse> {
  const { account_id, principal, settings } = request;
  const subject = { account_id, user_id: principal?.user_id };
  if (!request.store || !(await isStored(env, config, subject))) {
    if (!settings.background) return openUnstored(env, config, request, now);
    throw new ApiError(
      "invalid_request",
      "A background response has to be stored; send store: true, or leave background out.",
      { param: "background" },
    );
  }
  const begun = await callAccount(env, account_id, (account) =>
    account.turns.begin(principal, beginRequest(config, request, now), now),
  );
  if (begun.kind === "replay") {
    const { turn, session_id } = begun;
    if (turn.extra.response?.deleted)
      throw new ApiError("response_not_found", "The response was deleted.");
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

async function openUnstored(
  env: Env,
  config: Config,
  request: RespondRequest,
  now: number,
): Promise<OpenResponse> {
  const { account_id, principal, settings } = request;
  const preview = await previewResponse(env, config, request, true, now);
  const { models, assistant, input } = preview;
  const turn: Turn = {
    ...IN_PROGRESS,
    id: unstoredTurnId(),
    created_at: now,
    input,
    extra: { response: { settings: JSON.stringify(settings) } },
  };
  const messages = promptOf(preview);
  const call = {
    account_id,
    session_id: request.conversation,
    models,
    messages,
    settings: modelSettings(settings, messages),
  };
  return {
    turn,
    session_id: null,
    async finish({ signal, onPiece }) {
      const options = { now, signal, ...pieceListeners(onPiece) };
      const subject = { account_id, user_id: principal?.user_id };
      const { outcome } = await answerTurn(env, config, call, preview, subject, options);
      recordTurn(env, account_id, assistant, outcome);
      return endedTurn(turn, outcome);
    },
  };
}

/** The turn of a request that is only to be prepared: it is checked, and nothing is made or stored. */
export async function prepareResponse(
  env: Env,
  config: Config,
  request: RespondRequest,
  now: number,
): Promise<Turn> {
  const { input } = await previewResponse(env, config, request, false, now);
  const response = { settings: JSON.stringify(request.settings) };
  return {
    ...IN_PROGRESS,
    id: unstoredTurnId(),
    status: "completed",
    created_at: now,
    input,
    output: [],
    extra: { response },
  };
}

function endedTurn(turn: Turn, outcome: Outcome): Turn {
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

/** @throws ApiError for a turn that failed, with the model's reason */
export function checkAnswered(turn: Turn, isTurnStored: boolean): void {
  if (turn.status !== "failed") return;
  throw notAnswered(
    turn.extra.error as ModelFailure,
    isTurnStored ? "The response is kept as failed" : "Nothing was kept",
  );
}
