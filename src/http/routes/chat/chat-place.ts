import { ApiError } from "../../../shared/errors.ts";
import { plainContent } from "../../../shared/items.ts";
import { sortedJson } from "../../../shared/json.ts";
import { sessionExists } from "../../../shared/not-found-errors.ts";
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
 * Where a request's message is answered. A stored answer is never replaced: a message that has one is answered again in
 * another chat, a copy of this one up to there.
 *
 * @throws ApiError `message_answered` where the message has an answer, and the request names no other chat
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
  const isEdited = sortedJson(asked.input) !== sortedJson(plainContent(sent.items, "user"));
  const isAnswered = turns.slice(at).some(({ status }) => status === "completed");
  // Sent again as it was: the turn is joined, replayed or tried again.
  if (trigger === "submit-message" && !isEdited) return here;
  if (!isAnswered) return { ...here, isEdited };
  if (!branch)
    throw new ApiError(
      "message_answered",
      "The message has an answer, and answers are kept. Send the id of a new chat as branch: it begins as a copy of this one up to there.",
      { param: "branch" },
    );
  const before = turns.slice(0, at).findLast(isVisible);
  if (!before) await checkNew(request, branch, sent.id);
  return { session_id: branch, previous_turn_id: before?.id };
}

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
