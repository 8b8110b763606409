import { z } from "zod";

import type { Config } from "../config.ts";
import { readCache, writeCache } from "../guard/cache.ts";
import { DEFAULT_ASSISTANT } from "../assistants/assistant.ts";
import { resolveAssistant } from "../assistants/resolve.ts";
import type { Resolved } from "../assistants/resolve.ts";
import { shippedAssistants } from "../assistants/shipped.ts";
import { ApiError } from "../errors.ts";
import { callId, mintSessionId } from "../ids.ts";
import { messagesOf } from "../items.ts";
import type { Message } from "../items.ts";
import type { ModelError } from "../models/model.ts";
import { onAccount } from "../objects/reach.ts";
import { applyPolicies } from "../policies/apply.ts";
import type { Scope } from "../scopes.ts";
import type { IdempotencyKey } from "../store/idempotency.ts";
import { LEASE_MS } from "../store/line.ts";
import type { CachedAnswer, OpenTurn, Outcome } from "../store/open-turn.ts";
import type { Principal } from "../store/principal.ts";
import { estimateTokens, systemMessage } from "../store/window.ts";
import { isoTime } from "../time.ts";
import { answer } from "./answer.ts";
import type { Answered, AnswerOptions, Call, Said } from "./answer.ts";
import { answerPoliced } from "./policed.ts";
import { isStored } from "./flags.ts";
import { summarise } from "./summarise.ts";
import { answerTravel } from "./travel.ts";
import { recordTurn } from "./record-turn.ts";
import { replyOf } from "./reply.ts";
import type { Reply } from "./reply.ts";

/** Often enough that one lost renewal costs no lease. */
const RENEW_MS = LEASE_MS / 3;

export interface AskRequest {
  account_id: string;
  /** Whom it is asked for, for the account's object to check. */
  principal: Principal | null;
  query: string;
  session_id?: string | undefined;
  user_id?: string | undefined;
  assistant?: string | undefined;
  role?: string | undefined;
  metadata?: Record<string, string> | undefined;
  /** JSON: a merge patch of the session's state. */
  state_patch?: string | undefined;
  /** One of the assistant's; all of them, in order, without it. */
  model?: string | undefined;
  /** What the caller may do. */
  scopes: readonly Scope[];
  on_busy: "queue" | "reject";
  idempotency?: IdempotencyKey | undefined;
}

export interface AskOptions extends AnswerOptions {
  now: number;
  /** Told what is being done where that takes a while, before the answer. */
  onProgress?: ((text: string) => Promise<void>) | undefined;
  /** Sees to it that work goes on after the reply. */
  background: (work: Promise<void>) => void;
}

/**
 * One turn, from the question to its reply: begin, respond, settle. Two RPCs to the account, whatever the model takes.
 *
 * @throws ApiError when it was refused, or when no model answered: then the turn is kept as `failed`
 */
export async function ask(
  env: Env,
  config: Config,
  request: AskRequest,
  options: AskOptions,
): Promise<Reply> {
  if (!(await isStored(env, config, request)))
    return answerStateless(env, config, request, options);
  const fresh_id = mintSessionId(options.now);
  const { account_id, principal, query, ...rest } = request;
  let begun;
  try {
    begun = await onAccount(env, account_id, (account) =>
      account.begin(
        principal,
        { ...rest, fresh_id, models: config.MODEL, input: query },
        options.now,
      ),
    );
  } catch (error) {
    if (!mayAnswerUnstored(config, error)) throw error;
    return answerStateless(env, config, request, options, request.session_id);
  }
  if (begun.kind === "replay") {
    const reply = replyOf(begun.session_id, begun.turn);
    options.onDelta?.(reply.response);
    return reply;
  }
  const { turn, window, models, to_summarise: left, cache, policed, responder } = begun;
  const called: Call = {
    account_id,
    session_id: turn.session_id,
    models,
    messages: [...window, ...messagesOf(turn.input, "user")],
  };
  const answerIt = (how: AnswerOptions) => {
    if (responder)
      return answerTravel(
        env,
        config,
        called,
        { ...request, ...responder },
        { ...options, ...how },
      );
    return cache ? answerCached(env, config, cache, called, how) : answer(env, config, called, how);
  };
  const { reply, outcome } = await keepingLease(env, account_id, turn, () =>
    policed ? answerPoliced(env, config, called, policed, answerIt, options) : answerIt(options),
  );
  recordTurn(env, account_id, turn.assistant ?? DEFAULT_ASSISTANT, outcome);
  try {
    const settled = await onAccount(env, account_id, (account) =>
      account.settle(turn, outcome, options.now),
    );
    if (left !== null) {
      const { session_id } = turn;
      options.background(summarise(env, config, { account_id, session_id, models, left }));
    }
    if (reply) return replyOf(turn.session_id, settled);
  } catch (error) {
    // Its session may have been erased, and the answer to it with that.
    if (cache) options.background(env.CACHE.delete(cache.key).catch(() => undefined));
    if (!reply || !mayAnswerUnstored(config, error)) throw error;
    return unstored(reply, turn.created_at, turn.session_id, outcome);
  }
  const { code, message } = outcome.error as Pick<ModelError, "code" | "message">;
  throw new ApiError(
    code,
    `${message}. The turn is kept as failed; send it again, with its Idempotency-Key if it had one.`,
    {
      call_id: callId(turn.turn_id),
      session_id: turn.session_id,
    },
  );
}

const cachedAnswer = z.object({ text: z.string(), model: z.string() });

/** What was answered to the same before; else the model's answer, which is kept before the turn is: so erasing finds it. */
async function answerCached(
  env: Env,
  config: Config,
  { key, seconds }: CachedAnswer,
  call: Call,
  options: AnswerOptions,
): Promise<Answered> {
  const began = Date.now();
  const kept = await readCache(env.CACHE, "query", key, cachedAnswer);
  if (kept) {
    options.onDelta?.(kept.text);
    const reply = { text: kept.text, model: kept.model };
    const outcome: Outcome = {
      status: "completed",
      output: kept.text,
      model: kept.model,
      input_tokens: null,
      output_tokens: null,
      duration_ms: Date.now() - began,
      cached: true,
    };
    return { reply, outcome };
  }
  const answered = await answer(env, config, call, options);
  const { reply } = answered;
  if (reply) {
    const { text, model } = reply;
    await writeCache(env.CACHE, "query", key, { text, model }, seconds);
  }
  return answered;
}

/**
 * The assistant answers the message alone, and nothing is kept.
 *
 * @param sessionId - the session that it would have been stored in, for the reply to name
 */
async function answerStateless(
  env: Env,
  config: Config,
  request: AskRequest,
  options: AskOptions,
  sessionId?: string,
): Promise<Reply> {
  const { account_id, session_id, query } = request;
  const { assistant, models } = await resolve(env, config, request);
  const system = systemMessage({ assistant, facts: [], summary: null });
  const { policies } = assistant;
  const at = options.now;
  const before = system ? [system] : [];
  const { text, ...verdict } = applyPolicies(policies, {
    phase: "request",
    text: query,
    tokens: () => ({
      input: estimateTokens([...before, { role: "user", content: query }]),
      output: 0,
    }),
    at,
  });
  const question: Message = { role: "user", content: text };
  const call = {
    account_id,
    session_id,
    models,
    messages: [...before, question],
  };
  const answerIt = (how: AnswerOptions) =>
    assistant.responder
      ? answerTravel(
          env,
          config,
          call,
          { ...request, state: request.state_patch ?? "{}" },
          { ...options, ...how },
        )
      : answer(env, config, call, how);
  const { reply, outcome } =
    policies.length === 0
      ? await answerIt(options)
      : await answerPoliced(env, config, call, { policies, text, ...verdict }, answerIt, options);
  if (reply) return unstored(reply, at, sessionId, outcome);
  const { code, message } = outcome.error as Pick<ModelError, "code" | "message">;
  throw new ApiError(code, `${message}. Nothing was stored; send it again.`);
}

/** Where no turn begins, nothing else would find out that the key was revoked, or what the account has set. */
async function resolve(env: Env, config: Config, request: AskRequest): Promise<Resolved> {
  const { account_id, principal, assistant, role, model, scopes } = request;
  const wanted = { assistant, role, model, models: config.MODEL, scopes };
  try {
    return await onAccount(env, account_id, (account) => account.resolve(principal, wanted));
  } catch (error) {
    if (!mayAnswerUnstored(config, error)) throw error;
    return resolveAssistant(shippedAssistants(config), wanted);
  }
}

const unstored = (
  { text, model, usage }: Said,
  now: number,
  sessionId: string | undefined,
  { policy }: Pick<Outcome, "policy">,
): Reply => ({
  success: true,
  response: text,
  ...(sessionId !== undefined && { session_id: sessionId }),
  ...(policy?.outcome === "blocked" && { blocked: true as const }),
  stored: false,
  model,
  ...(usage && { usage }),
  created_at: isoTime(now),
});

function mayAnswerUnstored(config: Config, error: unknown): boolean {
  return (
    config.ON_STORAGE_ERROR === "answer" &&
    error instanceof ApiError &&
    (error.code === "storage_unavailable" || error.code === "archive_unavailable")
  );
}

/** Renews the turn's lease for as long as the work takes. */
async function keepingLease<T>(
  env: Env,
  accountId: string,
  turn: OpenTurn,
  work: () => Promise<T>,
): Promise<T> {
  const timer = setInterval(() => {
    // A renewal that fails is tried again by the next one; a lost lease is found by settle.
    onAccount(env, accountId, (account) => account.renew(turn)).catch(() => undefined);
  }, RENEW_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
