import { estimateTextTokens } from "../shared/estimate-tokens.ts";

import type { Config } from "../config.ts";
import { callAccount } from "../account/account-client.ts";
import type { BeginRequest, TurnPreview } from "../account/conversation/turn-contract.ts";
import { estimateTokens } from "../account/conversation/message-tokens.ts";
import type { Metadata } from "../account/store/sessions/sessions.ts";
import type { IdempotencyKey } from "../account/store/turns/idempotency.ts";
import type { InputItem } from "../openai/responses/item-input.ts";
import type { ResponseSettings } from "../openai/responses/settings.ts";
import { mintSessionId } from "../shared/ids.ts";
import { plainContent } from "../shared/items.ts";
import type { Item } from "../shared/items.ts";
import type { Principal } from "../shared/principal.ts";
import type { Scope } from "../shared/scopes.ts";
import { promptOf } from "./answer.ts";

/** A response that a request of `/v1` asks for. */
export interface RespondRequest {
  account_id: string;
  /** The caller, for the account's object to check. */
  principal: Principal | null;
  scopes: readonly Scope[];
  input: InputItem[];
  settings: ResponseSettings;
  /** The session to continue. */
  conversation?: string | undefined;
  /** The turn to continue after; instead of `conversation`. */
  previous_turn_id?: number | undefined;
  /** The id of the session, if the turn opens one. Minted when absent. */
  new_session_id?: string | undefined;
  /** Earlier items that no session stores; instead of both. */
  before?: Item[] | undefined;
  assistant?: string | undefined;
  /** The session's, if the turn opens one. */
  metadata?: Metadata | undefined;
  store: boolean;
  idempotency?: IdempotencyKey | undefined;
  /** See {@link BeginRequest.retries}. */
  retries?: number | undefined;
}

/** The request to the account's object that begins the turn. */
export function beginRequest(config: Config, request: RespondRequest, now: number): BeginRequest {
  const { principal, scopes, input, settings, conversation, previous_turn_id, idempotency } =
    request;
  const { truncation, instructions, model } = settings;
  const isPlain = input.every((item): item is Item => item.type !== "item_reference");
  const before = request.before ?? [];
  const opensSession = conversation === undefined && previous_turn_id === undefined;
  return {
    session_id: conversation ?? request.new_session_id,
    new_session_id: request.new_session_id ?? mintSessionId(now),
    must_exist: conversation !== undefined,
    previous_turn_id,
    // A caller that names the copy continues no other session.
    ...(previous_turn_id !== undefined &&
      request.new_session_id !== undefined && { always_forks: true }),
    ...(isPlain
      ? { input: plainContent([...before, ...input], "user") }
      : { input: "", named_items: [...before, ...input] }),
    // An existing session has its user already.
    user_id: opensSession ? principal?.user_id : undefined,
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
    ...(request.retries !== undefined && { retries: request.retries }),
    ...(idempotency && { idempotency }),
  };
}

/**
 * The turn that the request would begin now. Stores no turn.
 *
 * @param isAnswered - whether a model is asked next: that counts against the account's quota
 * @throws ApiError when it is refused
 */
export function previewResponse(
  env: Env,
  config: Config,
  request: RespondRequest,
  isAnswered: boolean,
  now: number,
): Promise<TurnPreview> {
  const { account_id, principal } = request;
  return callAccount(env, account_id, (account) =>
    account.turns.preview(principal, beginRequest(config, request, now), isAnswered, now),
  );
}

/** The tokens that the model would be shown. An estimate: the Worker has no model's tokeniser. */
export async function estimateInput(
  env: Env,
  config: Config,
  request: RespondRequest,
  now: number,
): Promise<number> {
  const { tools } = request.settings;
  const preview = await previewResponse(env, config, request, false, now);
  const toolTokens = tools ? estimateTextTokens(JSON.stringify(tools)) : 0;
  return toolTokens + estimateTokens(promptOf(preview));
}
