import { DEFAULT_ASSISTANT } from "../../assistants/assistant.ts";
import type { Assistant } from "../../assistants/assistant.ts";
import { queryKey } from "../../outbound/cache-keys.ts";
import { watchesResponse } from "../../policies/apply.ts";
import { keyOf } from "../../shared/ids.ts";
import { HOUR_MS, SECOND_MS } from "../../shared/time.ts";
import type { Turn } from "../../shared/turn.ts";
import { patched, stateOf } from "../store/sessions/session-state.ts";
import { firstTurnOf } from "../store/sessions/sessions.ts";
import type { DetailsRow, SessionRow } from "../store/sessions/sessions.ts";
import { frameId } from "../store/turns/system-prompts.ts";
import type { prepareTurn } from "./prepare-turn.ts";
import { SUMMARY_TURNS } from "./summaries.ts";
import type {
  BeginRequest,
  BeginResult,
  CachedAnswer,
  OpenTurn,
  PendingTurn,
} from "./turn-contract.ts";

export interface CacheParts {
  accountId: string;
  /** How long answers may be cached, in hours; null: not at all. */
  cacheHours: () => number | null;
}

/** The place that a turn has. */
export interface OpenPlace {
  turn_id: number;
  token: string;
  session: SessionRow | null;
  details: DetailsRow | null;
  /** The session was archived and is live again for this turn. */
  restored: boolean;
  /** The failed turn that this one replaces. */
  retried: Turn | null;
  /** The turn before it whose lease ran out. */
  abandoned: Turn | null;
  /** When the account was last erased, in ms since the epoch. */
  erasedAt: number | null;
}

/** A begun turn, for its caller and for the object that keeps it until it is settled. */
export function openTurn(
  cacheParts: CacheParts,
  request: BeginRequest & { session_id: string },
  view: ReturnType<typeof prepareTurn>,
  place: OpenPlace,
  now: number,
): { pending: PendingTurn; result: Extract<BeginResult, { kind: "begun" }> } {
  const { session_id, state_patch } = request;
  const { turn_id, session, details, retried } = place;
  const { assistant, role, models, input, system, question, policed } = view;
  const { messages, shown, oldest } = view.window;
  const isCacheable = session === null && !request.response && view.remembered === null;
  const cache = isCacheable ? cachedAnswer(cacheParts, assistant, models, question) : null;
  const open: OpenTurn = {
    turn_id,
    token: place.token,
    session_id,
    input,
    created_at: request.created_at ?? now,
    new_session: session === null,
    restored: place.restored,
    account_erased_at: place.erasedAt,
    accessed_at: session?.accessed_at ?? now,
    user_id: request.user_id,
    assistant: assistant.name === DEFAULT_ASSISTANT ? null : assistant.name,
    role,
    shown,
    ...(system && { frame: frameId(system.content) }),
    ...(view.facts_shown.length > 0 && { facts: view.facts_shown }),
    metadata: request.metadata,
    state_patch,
    ...(request.idempotency && { idempotency: request.idempotency }),
    ...(cache && { cache_key: cache.key }),
    ...(details?.skipped && !retried && { skips: true }),
    ...(view.response && { response: view.response }),
    ...(request.background && { background: true }),
  };
  const covered = details?.summary_turn ?? firstTurnOf(keyOf(turn_id));
  const left = (oldest ?? 0) - 1;
  const to_summarise = assistant.summary && left - covered >= SUMMARY_TURNS ? left : null;
  const result: Extract<BeginResult, { kind: "begun" }> = {
    kind: "begun",
    turn: open,
    window: [system, view.remembered, ...messages].filter((each) => each !== null),
    models,
    to_summarise,
    ...(view.to_remember && { to_remember: true as const }),
    cache,
    ...(assistant.responder && {
      responder: {
        name: assistant.responder,
        state: patched(stateOf(details), state_patch ?? "{}"),
      },
    }),
    ...(policed && { policed }),
  };
  const pending: PendingTurn = {
    open,
    stored: retried,
    begun: false,
    abandoned: retried ? null : place.abandoned,
    ...(system && { system: { text: system.content, isOwn: view.isOwn } }),
    ...(request.background && { begun_as: result }),
  };
  return { pending, result };
}

/** The cache entry of an answer to a session's first question. Null where answers are not cached. */
function cachedAnswer(
  { accountId, cacheHours }: CacheParts,
  assistant: Assistant,
  models: string[],
  question: () => string,
): CachedAnswer | null {
  // A policy that changes answers keeps them out of the cache.
  const isCached = assistant.cache && !watchesResponse(assistant.policies);
  const hours = isCached ? cacheHours() : null;
  if (hours === null) return null;
  const { name, instructions } = assistant;
  const key = queryKey(accountId, { assistant: name, models, instructions, question: question() });
  return { key, seconds: (hours * HOUR_MS) / SECOND_MS };
}
