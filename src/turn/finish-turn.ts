import type { Config } from "../config.ts";
import { callAccount } from "../account/account-client.ts";
import type { BeginResult, Outcome } from "../account/conversation/turn-contract.ts";
import { DEFAULT_ASSISTANT } from "../assistants/assistant.ts";
import type { Piece } from "../openai/responses/response-pieces.ts";
import { modelSettings } from "../openai/responses/settings.ts";
import type { ResponseSettings } from "../openai/responses/settings.ts";
import { noteInContext } from "../observe/request-context.ts";
import { callId } from "../shared/ids.ts";
import { SECOND_MS } from "../shared/time.ts";
import type { Turn } from "../shared/turn.ts";
import { answerTurn } from "./answer-turn.ts";
import { promptOf } from "./answer.ts";
import { keepLease } from "./keep-lease.ts";
import { recordTurn } from "./record-turn.ts";
import { StreamPersister } from "./stream-persister.ts";
import { queueFacts } from "./queue-facts.ts";
import { summarise } from "./summarise.ts";

/** How often a background worker renews its lease: so soon it finds out that the response was cancelled. */
const BACKGROUND_RENEW_MS = 5 * SECOND_MS;

export interface RespondOptions {
  now: number;
  /** Stops the model. */
  signal?: AbortSignal | undefined;
  /** Receives each piece. With it the answer is streamed. */
  onPiece?: ((piece: Piece) => void) | undefined;
  /** Lets work go on after the reply. */
  background: (work: Promise<unknown>) => void;
}

/**
 * Answers a turn that was begun, and settles it. A failed model fails the turn, without an error here.
 *
 * @throws ApiError `turn_lost` when the turn was cancelled meanwhile, or why it cannot be stored
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
  noteInContext({ call_id: callId(turn.turn_id) });
  const messages = promptOf({ window, input: turn.input });
  const call = {
    account_id: accountId,
    session_id,
    models,
    messages,
    settings: modelSettings(settings, messages),
  };
  const lost = new AbortController();
  const onLost = () => lost.abort();
  const isFollowed = settings.background === true;
  const persister = onPiece && new StreamPersister(env, accountId, turn, { onLost, isFollowed });
  const options = {
    now,
    signal: signal ? AbortSignal.any([signal, lost.signal]) : lost.signal,
    ...pieceListeners(
      onPiece &&
        ((piece) => {
          persister?.add(piece);
          onPiece(piece);
        }),
    ),
  };
  const every = settings.background ? BACKGROUND_RENEW_MS : undefined;
  const subject = { account_id: accountId, user_id: turn.user_id };
  const work = () => answerTurn(env, config, call, begun, subject, options);
  const { outcome } = await keepLease(env, accountId, turn, work, { onLost, every });
  await persister?.end();
  recordTurn(env, accountId, turn.assistant ?? DEFAULT_ASSISTANT, outcome);
  const settled = await callAccount(env, accountId, (account) =>
    account.turns.settle(turn, outcome, now),
  );
  if (left !== null)
    background(summarise(env, config, { account_id: accountId, session_id, models, left }));
  if (begun.to_remember && settled.status === "completed")
    background(queueFacts(env, accountId, turn.turn_id));
  return withFailure(settled, outcome);
}

/** The turn with all that is known of its failure. Only its code and message are stored. */
export const withFailure = (turn: Turn, { error }: Pick<Outcome, "error">): Turn =>
  error && turn.status === "failed" ? { ...turn, extra: { ...turn.extra, error } } : turn;

/** Listeners of a model, which reports text apart from other pieces, that pass each piece on. */
export const pieceListeners = (onPiece: ((piece: Piece) => void) | undefined) =>
  onPiece && {
    onDelta: (delta: string) => {
      if (delta !== "") onPiece({ type: "text", delta });
    },
    onPart: onPiece,
  };
