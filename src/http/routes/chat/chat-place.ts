import { ApiError } from "../../../shared/errors.ts";
import { plainContent } from "../../../shared/items.ts";
import { sortedJson } from "../../../shared/json.ts";
import { sessionExists } from "../../../shared/not-found-errors.ts";
import { SECOND_MS } from "../../../shared/time.ts";
import { isVisible } from "../../../shared/turn.ts";
import type { Turn } from "../../../shared/turn.ts";
import { parseItemId } from "../../../openai/responses/item.ts";
import { invalid } from "../../read-request.ts";
import type { RouteRequest } from "../../route.ts";
import type { ChatBody, ChatPlace } from "./chat-request.ts";
import type { SentMessage } from "./message-input.ts";
import { continuesAnswer, messageIdIn } from "./turn-chunks.ts";

/** How many turns back a message is looked for that is to be answered again. */
const LOOK_BACK = 100;

type Asking = Pick<RouteRequest<never, unknown, unknown>, "call" | "now">;

/** A page of a session's newest turns, in order. Empty for a session that has not begun, or is another user's. */
export async function newestTurns(
  { call, now }: Asking,
  sessionId: string,
  page: { limit: number; after?: string | undefined } = { limit: LOOK_BACK },
): Promise<{ turns: Turn[]; has_more: boolean }> {
  try {
    const { data, has_more } = await call((account, caller) =>
      account.sessions.turns(caller, sessionId, { ...page, order: "desc" }, now),
    );
    return { turns: data.toReversed(), has_more };
  } catch (error) {
    if (error instanceof ApiError && error.code === "session_not_found")
      return { turns: [], has_more: false };
    throw error;
  }
}

/**
 * Where a request's message is answered. A whole answer is never replaced: a message that has one, or that others follow, is
 * answered again in another chat, a copy of this one up to there.
 *
 * @throws ApiError `message_answered` where the message has an answer, and the request names no other chat;
 *   `idempotency_in_flight` while a message after it is being answered
 */
export async function placeOf(
  request: Asking,
  body: ChatBody,
  sent: SentMessage,
): Promise<ChatPlace> {
  const here = { session_id: body.id };
  const { trigger, messageId, branch } = body;
  if (branch === body.id)
    throw invalid("branch is this chat's own id; send the id of a new chat.", "branch");
  const isAgain = trigger === "regenerate-message" || messageId === sent.id;
  if (!isAgain || sent.role !== "user") return here;
  const { turns } = await newestTurns(request, body.id);
  const at = turns.findLastIndex((turn) => isAskedBy(turn, sent.id));
  const asked = turns[at];
  if (!asked) return here;
  const after = turns.slice(at + 1);
  const isOwn = messageIdIn(asked) !== undefined;
  const isAnswered = asked.status === "completed" || (asked.status === "interrupted" && !isOwn);
  if (!isAnswered && !after.some(isVisible)) {
    const others = isOwn ? after : [asked, ...after];
    if (others.some(({ status }) => status === "in_progress")) throw beingAnswered();
    return isOwn ? { ...here, asked } : here;
  }
  // The SDK sends a message without a new text so. The account's object knows the text as it was before policies.
  const mayBeReplayed = trigger === "submit-message" && asked.status === "completed" && isOwn;
  if (mayBeReplayed && (!branch || hasContent(asked, sent))) return { ...here, asked };
  if (!branch) throw messageAnswered();
  const before = turns.slice(0, at).findLast(isVisible);
  if (!before) await checkNew(request, branch, sent.id);
  return { session_id: branch, previous_turn_id: before?.id };
}

/** Whether the turn's message is stored with the content that was sent. Policies may have changed what is stored. */
export const hasContent = (turn: Turn, sent: SentMessage): boolean =>
  sortedJson(turn.input) === sortedJson(plainContent(sent.items, "user"));

export const messageAnswered = (): ApiError =>
  new ApiError(
    "message_answered",
    "The message has an answer, and answers are kept. Send the id of a new chat as branch: it begins as a copy of this one up to there.",
    { param: "branch" },
  );

export const beingAnswered = (): ApiError =>
  new ApiError(
    "idempotency_in_flight",
    "A message of the chat is being answered. Stop it, or try again in a moment.",
    { param: "messages", retry_after_ms: SECOND_MS },
  );

/** A chat that begins with the message is an earlier try of the same request. @throws ApiError `session_exists` */
async function checkNew(request: Asking, branch: string, sentId: string): Promise<void> {
  const { turns, has_more } = await newestTurns(request, branch, { limit: 1 });
  const [only] = turns;
  if (only && (has_more || !isAskedBy(only, sentId))) throw sessionExists();
}

const isAskedBy = (turn: Turn, id: string): boolean =>
  messageIdIn(turn) === undefined
    ? parseItemId(id)?.turn === turn.id
    : messageIdIn(turn) === id && !continuesAnswer(turn);
