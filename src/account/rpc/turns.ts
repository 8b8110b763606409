import { withSpan } from "../../observe/spans.ts";
import { resolveAssistant } from "../../assistants/resolve.ts";
import type { AssistantRequest } from "../../assistants/resolve.ts";
import { keyOf } from "../../shared/ids.ts";
import { plainContent } from "../../shared/items.ts";
import type { Principal } from "../../shared/principal.ts";
import type { Account } from "../account.ts";
import { WAKE_MS } from "../alarm.ts";
import type {
  AppendResult,
  BeginRequest,
  OpenTurn,
  Outcome,
} from "../conversation/turn-contract.ts";
import { findSession } from "../store/sessions/sessions.ts";
import { putBackground } from "../store/turns/background-turns.ts";
import { defineFacet, user, worker } from "./facet.ts";

/** The request with the items that it only names put in place. */
async function withItems(
  account: Account,
  caller: Principal | null,
  { named_items, ...request }: BeginRequest,
  now: number,
): Promise<BeginRequest> {
  if (!named_items) return { ...request, caller };
  const { session_id, previous_turn_id } = request;
  const { db } = account.services;
  const named = session_id === undefined ? null : (findSession(db, session_id)?.key ?? null);
  const key = previous_turn_id === undefined ? named : keyOf(previous_turn_id);
  const session = key === null ? null : { key, previous_turn_id };
  const input = await account.responses.resolve(caller, named_items, session, now);
  return { ...request, caller, input: plainContent(input, "user") };
}

/** One turn from begin to settle. */
export const turnsFacet = defineFacet({
  begin: user.changes(async (account, caller, request: BeginRequest, now: number) => {
    await account.loadPatterns();
    const prepared = await withItems(account, caller, request, now);
    const { lifecycle, db } = account.services;
    const begun = await withSpan(
      "colloquy.turn.begin",
      {},
      () => lifecycle.begin(prepared, now),
      (result) => ({
        "gen_ai.conversation.id":
          result.kind === "begun" ? result.turn.session_id : result.session_id,
      }),
    );
    if (!request.background || begun.kind === "replay") return begun;
    const { turn_id, session_id } = begun.turn;
    await account.wakeWithin(WAKE_MS);
    // No await in between: what is acknowledged is durable, together with the job that answers it.
    lifecycle.flush(session_id);
    putBackground(db, { turn_id, attempts: 0, due_at: Date.now() + WAKE_MS });
    return begun;
  }),

  /** Previews a turn that is not stored. @param isAnswered - a model is asked next: that counts */
  preview: user.serves(
    async (account, caller, request: BeginRequest, isAnswered: boolean, now: number) => {
      await account.loadPatterns();
      const prepared = await withItems(account, caller, request, now);
      const preview = await account.services.lifecycle.preview(prepared, now);
      if (isAnswered) account.services.quotas.takeUnstored(now);
      return preview;
    },
  ),

  /** Counts a call of a model that is not stored. @throws ApiError `quota_turns` */
  countUnstored: user.serves(({ services }, _caller, now: number) =>
    services.quotas.takeUnstored(now),
  ),

  /** Takes up a background turn. Null when there is nothing to do. */
  resume: worker.changes(async (account, turnId: number, models: string[], now: number) => {
    await account.loadPatterns();
    const begun = await account.services.lifecycle.resume(turnId, models, now);
    if (!begun) account.responses.tell(turnId);
    return begun;
  }),

  /** Stores pieces of a streamed answer. */
  append: worker.serves((account, turn: OpenTurn, from: number, pieces: string): AppendResult => {
    const isKept = account.services.lifecycle.append(turn, from, pieces);
    const isFollowed = account.responses.tell(turn.turn_id);
    return { isKept, isFollowed };
  }),

  settle: worker.serves(async (account, turn: OpenTurn, outcome: Outcome, now: number) => {
    const about = { "gen_ai.conversation.id": turn.session_id };
    const settled = await withSpan("colloquy.turn.settle", about, () =>
      account.services.lifecycle.settle(turn, outcome, now),
    );
    account.responses.tell(turn.turn_id);
    return settled;
  }),

  /** Renews the lease of a turn. @returns false when it was lost */
  renew: worker.serves(({ services }, turn: OpenTurn) => services.lifecycle.renew(turn)),

  /** The text to summarise next. Null when there is nothing to do. */
  beginSummary: worker.serves(({ services }, sessionId: string, left: number) =>
    services.summaries.begin(sessionId, left, Date.now()),
  ),

  /** @param text - null when no model wrote it */
  endSummary: worker.serves(
    ({ services }, sessionId: string, through: number, text: string | null) =>
      services.summaries.end(sessionId, through, text),
  ),

  /** The assistant that answers a turn that is not stored. The turn counts. @throws ApiError `quota_turns` */
  resolveAssistant: user.serves(({ services }, _caller, request: AssistantRequest, now: number) => {
    const resolved = resolveAssistant(services.assistants.list(), request);
    services.quotas.takeUnstored(now);
    return resolved;
  }),
});
