import { DEFAULT_ASSISTANT } from "../../assistants/assistant.ts";
import { findAssistant, resolveAssistant } from "../../assistants/resolve.ts";
import type { Resolved } from "../../assistants/resolve.ts";
import { ApiError } from "../../shared/errors.ts";
import { mapText, wordsOf } from "../../shared/item-texts.ts";
import { messagesOf, textOf, toolCallsOf } from "../../shared/items.ts";
import type { Content, Item, Message } from "../../shared/items.ts";
import { itemsOf } from "../../openai/responses/item.ts";
import { settingsFrom } from "../../openai/responses/settings.ts";
import { applyPolicies } from "../../policies/apply.ts";
import type { Policy } from "../../policies/policy.ts";
import type { Assistants } from "../store/account/assistants.ts";
import type { BeginRequest } from "./turn-contract.ts";
import { mergeMetadata, parseFacts } from "../store/sessions/sessions.ts";
import { mayReach } from "../store/sessions/session-access.ts";
import {
  anotherUsers,
  conversationNotFound,
  sessionNotFound,
} from "../../shared/not-found-errors.ts";
import type { Database } from "../../sqlite/database.ts";
import type { DetailsRow, SessionRow } from "../store/sessions/sessions.ts";
import { patched, stateOf } from "../store/sessions/session-state.ts";
import { checkStateSize } from "../store/sessions/state-size.ts";
import type { Turns } from "../store/turns/turns.ts";
import { estimateTokens } from "./message-tokens.ts";
import { systemMessage } from "./system-message.ts";
import { beforeWindow, readWhole, readWindow, roomBeside } from "./window.ts";
import { rememberedOf } from "./remembered-facts.ts";
import type { ResponseExtra } from "../../shared/turn.ts";

/** Where a turn is to stand. */
export interface TurnPlace {
  /** Null for one that is new. */
  session: SessionRow | null;
  details: DetailsRow | null;
  /** The turn that is about to be answered again, and so is not in its own window. */
  retryOf: number | null;
}

/** Where a window is read. */
export type WindowTurns = Pick<Turns, "newest" | "list">;

/** Another user's session is told as one that does not exist: where the session must exist, that is refused as well. */
export const notReached = ({ must_exist }: Pick<BeginRequest, "must_exist">): ApiError =>
  must_exist ? conversationNotFound("conversation") : sessionNotFound();

/**
 * Checks that the request fits the session that it names.
 *
 * @throws ApiError for another user's session, and for metadata that would be too much
 */
export function checkDetails(
  db: Database,
  session: SessionRow,
  stored: DetailsRow | null,
  request: BeginRequest,
): void {
  const { user_id, metadata, caller } = request;
  if (!mayReach(db, caller ?? null, session.key)) throw notReached(request);
  if (user_id === undefined && metadata === undefined) return;
  const owner = stored?.user_id ?? user_id;
  if (user_id !== undefined && owner !== user_id) throw anotherUsers();
  mergeMetadata(stored?.metadata ?? null, metadata ?? {});
}

/** Resolves the assistant of a request, and what it would be shown. @throws ApiError when it is refused */
export function prepareTurn(
  { db, turns, assistants }: { db: Database; turns: WindowTurns; assistants: Assistants },
  request: BeginRequest,
  { session, details, retryOf }: TurnPlace,
  now: number,
) {
  const { instructions, state_patch, until, full_history: whole } = request;
  const resolved = resolveTurn(assistants, request, details, session === null);
  const { assistant } = resolved;
  const { policies } = assistant;
  const change = (text: string): string => changed(policies, text, now);
  const user_id = details?.user_id ?? request.user_id ?? request.caller?.user_id;
  const { message: remembered, versions: facts_shown } = rememberedOf(
    db,
    assistant,
    { user_id, role: resolved.role },
    now,
  );
  // Without policies only the cache reads them, and that of few turns: to look through all items takes time.
  const words = policies.length === 0 ? null : wordsOf(request.input);
  const frame = {
    assistant,
    facts: parseFacts(details?.facts ?? null),
    summary: whole ? null : (details?.summary ?? null),
    instructions: instructions === undefined ? undefined : change(instructions),
    remembered,
    input: textOf(request.input, "user"),
    room: roomBeside(request.input, words ?? ""),
  };
  if (state_patch !== undefined)
    checkStateSize(patched(stateOf(details), state_patch), "state_patch");
  const system = systemMessage(frame);
  const read = (key: number) =>
    whole
      ? readWhole(turns, key, retryOf, until ?? null, frame.room)
      : readWindow(turns, key, frame, retryOf, until);
  const nothing: ReturnType<typeof read> = { last: null, messages: [], shown: 0, oldest: null };
  const window = session ? read(session.key) : nothing;
  if (whole) checkResults(window.messages, request.input);
  // Whatever the caller says, in whatever place.
  const asked = (): string =>
    [instructions ?? "", words ?? wordsOf(request.input)].filter((text) => text !== "").join("\n");
  const estimated = () => ({
    input: estimateTokens([
      ...beforeWindow(frame),
      ...window.messages,
      ...messagesOf(request.input, "user"),
    ]),
    output: 0,
  });
  const text = words === null ? null : asked();
  const policed =
    text === null
      ? null
      : {
          policies,
          ...applyPolicies(policies, { phase: "request", text, tokens: estimated, at: now }),
        };
  const isChanged = policed !== null && policed.text !== text;
  return {
    ...resolved,
    /** After the policies changed it. */
    input: isChanged ? mapText(request.input, change) : request.input,
    response: isChanged ? redacted(request.response, change) : request.response,
    /** All that was asked, as one text, after the policies. */
    question: (): string => policed?.text ?? asked(),
    system,
    remembered,
    /** The facts in it: see shared/turn.ts. */
    facts_shown,
    /** Whether the turn's facts are to be taken, once it is answered. */
    to_remember: assistant.memory.extract && typeof user_id === "string",
    /** Whether the system message is this session's alone. */
    isOwn: frame.facts.length > 0 || frame.summary !== null || instructions !== undefined,
    window,
    policed,
  };
}

/** @param details - the session's; null for a new one. @throws ApiError when the request does not go with them */
export function resolveTurn(
  assistants: Assistants,
  request: BeginRequest,
  details: DetailsRow | null,
  isNew = true,
): Resolved {
  const own = isNew ? request.assistant : (details?.assistant ?? DEFAULT_ASSISTANT);
  if (request.assistant !== undefined && request.assistant !== own) {
    throw new ApiError("invalid_request", `The session belongs to the assistant ${own}.`, {
      param: "assistant",
    });
  }
  const role = details?.role ?? request.role;
  if (request.role !== undefined && request.role !== role) {
    throw new ApiError("invalid_request", "The session belongs to another role.", {
      param: "role",
    });
  }
  return resolveAssistant(assistants.list(), { ...request, assistant: own, role });
}

/** Where only texts are looked at. */
const tokens = () => ({ input: 0, output: 0 });

/** A text as the policies that change texts leave it. */
function changed(policies: readonly Policy[], text: string, at: number): string {
  return policies.length === 0
    ? text
    : applyPolicies(policies, { phase: "request", text, tokens, at }).text;
}

/** The part of a request that is repeated: its instructions, as they were passed on. */
function redacted(
  response: ResponseExtra | undefined,
  change: (text: string) => string,
): ResponseExtra | undefined {
  if (response?.settings === undefined) return response;
  const { instructions, ...settings } = settingsFrom(response);
  if (instructions === undefined) return response;
  const told = { ...settings, instructions: change(instructions) };
  return { ...response, settings: JSON.stringify(told) };
}

/**
 * Items that are added to a session without being asked, as its assistant's policies let them be: models see them later.
 *
 * @throws ApiError with a policy's own words, where it blocks them
 */
export function policedItems(
  assistants: Assistants,
  details: DetailsRow | null,
  items: Item[],
  now: number,
): Item[] {
  const { policies } = findAssistant(assistants.list(), details?.assistant ?? DEFAULT_ASSISTANT);
  if (policies.length === 0) return items;
  const text = wordsOf(items);
  const { refusal } = applyPolicies(policies, { phase: "request", text, tokens, at: now });
  if (refusal !== null) throw new ApiError("invalid_request", refusal, { param: "items" });
  return itemsOf(
    mapText(items, (each) => changed(policies, each, now)),
    "user",
  );
}

/** @throws ApiError when the input has the result of a call that was never made */
function checkResults(before: readonly Message[], input: Content): void {
  const messages = messagesOf(input, "user");
  const called = new Set([...before, ...messages].flatMap(toolCallsOf).map(({ id }) => id));
  const lost = messages.find((each) => each.role === "tool" && !called.has(each.tool_call_id));
  if (lost?.role !== "tool") return;
  throw new ApiError(
    "invalid_request",
    `There is no function call with the call_id ${JSON.stringify(lost.tool_call_id)} before its output.`,
    { param: "input" },
  );
}
