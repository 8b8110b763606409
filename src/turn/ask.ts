import type { Config } from "../config.ts";
import { DEFAULT_ASSISTANT } from "../assistants/assistant.ts";
import { resolveAssistant } from "../assistants/resolve.ts";
import type { Resolved } from "../assistants/resolve.ts";
import { shippedAssistants } from "../assistants/shipped.ts";
import { ApiError } from "../shared/errors.ts";
import type { ErrorCode } from "../shared/errors.ts";
import { callId, mintSessionId } from "../shared/ids.ts";
import type { Message } from "../shared/items.ts";
import { noteInContext } from "../observe/request-context.ts";
import { callAccount } from "../account/account-client.ts";
import { applyPolicies } from "../policies/apply.ts";
import { loadPatterns } from "../policies/patterns.ts";
import type { Scope } from "../shared/scopes.ts";
import type { IdempotencyKey } from "../account/store/turns/idempotency.ts";
import type { BeginResult, Outcome } from "../account/conversation/turn-contract.ts";
import { estimateTokens } from "../account/conversation/message-tokens.ts";
import { systemMessage } from "../account/conversation/system-message.ts";
import { isoTime } from "../shared/time.ts";
import { answerTurn } from "./answer-turn.ts";
import { promptOf } from "./answer.ts";
import type { AnswerOptions, Call, AssistantReply } from "./answer.ts";
import { notAnswered } from "./model-failure.ts";
import type { ModelFailure } from "./model-failure.ts";
import { isStored } from "../directory/feature-flags.ts";
import { queueFacts } from "./queue-facts.ts";
import { summarise } from "./summarise.ts";
import { recordTurn } from "./record-turn.ts";
import { replyOf } from "./reply.ts";
import type { Reply } from "./reply.ts";
import type { Principal } from "../shared/principal.ts";
import { keepLease } from "./keep-lease.ts";

export interface AskRequest {
  account_id: string;
  /** The caller, for the account's object to check. */
  principal: Principal | null;
  query: string;
  session_id?: string | undefined;
  user_id?: string | undefined;
  assistant?: string | undefined;
  role?: string | undefined;
  metadata?: Record<string, string> | undefined;
  /** A merge patch of the session's state, as JSON. */
  state_patch?: string | undefined;
  /** One of the assistant's models. Absent: all of them, in order. */
  model?: string | undefined;
  scopes: readonly Scope[];
  on_busy: "queue" | "reject";
  idempotency?: IdempotencyKey | undefined;
}

export interface AskOptions extends AnswerOptions {
  now: number;
  /** Receives a note on what is being done, if that takes long. */
  onProgress?: ((text: string) => Promise<void>) | undefined;
  /** Lets work go on after the reply. */
  background: (work: Promise<void>) => void;
}

/**
 * One turn, from the question to its reply: begin, answer, settle. Begin and settle are one RPC each.
 *
 * @throws ApiError when the turn was refused, or no model answered: then the turn is stored as `failed`
 */
export async function ask(
  env: Env,
  config: Config,
  request: AskRequest,
  options: AskOptions,
): Promise<Reply> {
  if (!(await isStored(env, config, request)))
    return answerStateless(env, config, request, options);
  const new_session_id = request.session_id ?? mintSessionId(options.now);
  const { account_id, principal, query, ...rest } = request;
  const beginRequest = { ...rest, new_session_id, models: config.MODEL, input: query };
  let begun: BeginResult;
  try {
    begun = await callAccount(env, account_id, (account) =>
      account.turns.begin(principal, beginRequest, options.now),
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
  const { turn, window, cache, models, to_summarise: left } = begun;
  const { session_id } = turn;
  noteInContext({ call_id: callId(turn.turn_id) });
  const call: Call = {
    account_id,
    session_id,
    models,
    messages: promptOf({ window, input: turn.input }),
  };
  const { reply, outcome } = await keepLease(env, account_id, turn, () =>
    answerTurn(env, config, call, begun, request, options),
  );
  recordTurn(env, account_id, turn.assistant ?? DEFAULT_ASSISTANT, outcome);
  try {
    const settled = await callAccount(env, account_id, (account) =>
      account.turns.settle(turn, outcome, options.now),
    );
    if (left !== null)
      options.background(summarise(env, config, { account_id, session_id, models, left }));
    if (begun.to_remember && settled.status === "completed")
      options.background(queueFacts(env, account_id, turn.turn_id));
    if (reply) return replyOf(session_id, settled);
  } catch (error) {
    // The session may have been erased meanwhile: its cached answer goes, too.
    if (cache) options.background(env.CACHE.delete(cache.key).catch(() => undefined));
    if (!reply || !mayAnswerUnstored(config, error)) throw error;
    return unstored(reply, turn.created_at, session_id, outcome);
  }
  throw notAnswered(
    outcome.error as ModelFailure,
    "The turn is kept as failed",
    "send it again, with its Idempotency-Key if it had one",
    { call_id: callId(turn.turn_id), session_id },
  );
}

/**
 * Answers the message alone, and stores nothing.
 *
 * @param sessionId - the session that the reply names: the turn would have been stored there
 */
async function answerStateless(
  env: Env,
  config: Config,
  request: AskRequest,
  options: AskOptions,
  sessionId?: string,
): Promise<Reply> {
  const { account_id, session_id, query } = request;
  const { assistant, models } = await resolve(env, config, request, options.now);
  const system = systemMessage({ assistant, facts: [], summary: null });
  const { policies } = assistant;
  await loadPatterns(policies);
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
  const { responder } = assistant;
  const { reply, outcome } = await answerTurn(
    env,
    config,
    call,
    {
      ...(responder && { responder: { name: responder, state: request.state_patch ?? "{}" } }),
      policed: { policies, text, ...verdict },
    },
    request,
    options,
  );
  recordTurn(env, account_id, assistant.name, outcome);
  if (reply) return unstored(reply, at, sessionId, outcome);
  throw notAnswered(outcome.error as ModelFailure, "Nothing was stored");
}

/** The assistant by the account's settings. The same RPC counts the turn and finds a revoked key, which no begin does here. */
async function resolve(
  env: Env,
  config: Config,
  request: AskRequest,
  now: number,
): Promise<Resolved> {
  const { account_id, principal, assistant, role, model, scopes } = request;
  const asked = { assistant, role, model, models: config.MODEL, scopes };
  try {
    return await callAccount(env, account_id, (account) =>
      account.turns.resolveAssistant(principal, asked, now),
    );
  } catch (error) {
    if (!mayAnswerUnstored(config, error)) throw error;
    return resolveAssistant(shippedAssistants(config), asked);
  }
}

const unstored = (
  { text, model, usage }: AssistantReply,
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

const UNSTORED_CODES: ReadonlySet<ErrorCode> = new Set([
  "storage_unavailable",
  "storage_full",
  "archive_unavailable",
]);

export function mayAnswerUnstored(config: Config, error: unknown): boolean {
  return (
    config.ON_STORAGE_ERROR === "answer" &&
    error instanceof ApiError &&
    UNSTORED_CODES.has(error.code)
  );
}
