import { DEFAULT_ASSISTANT } from "../../assistants/assistant.ts";
import type { Assistant } from "../../assistants/assistant.ts";
import { findAssistant } from "../../assistants/resolve.ts";
import { callId, isFirstTurn } from "../../shared/ids.ts";
import { ApiError } from "../../shared/errors.ts";
import { RPC_BYTES, rpcBytes } from "../../shared/rpc-bytes.ts";
import { toolCallsOf } from "../../shared/items.ts";
import type { Content, Message } from "../../shared/items.ts";
import { textLengthOf } from "../../shared/message-length.ts";
import { parseFacts } from "../store/sessions/sessions.ts";
import type { DetailsRow } from "../store/sessions/sessions.ts";
import { estimateTokens } from "./message-tokens.ts";
import { systemMessage } from "./system-message.ts";
import type { SystemTexts } from "./system-message.ts";
import type { Turns } from "../store/turns/turns.ts";
import { isVisible, turnMessages } from "../../shared/turn.ts";
import type { TurnText, Turn } from "../../shared/turn.ts";
import { pairToolCalls } from "../../shared/pair-tool-calls.ts";

/** Turns that a window looks back over, however many of them failed. */
export const WINDOW_SCAN = 200;
/** A whole conversation that a model is shown has so many UTF-16 units at most: more than almost any model takes. */
export const WHOLE_LENGTH = 4 * 1024 * 1024;
/** In bytes: all that a model is shown crosses in one RPC, with the new message and what policies made of its text. */
const SHOWN_BYTES = RPC_BYTES - 4 * 1024 * 1024;
/** Turns of it that are read at a time. */
const WHOLE_PAGE = 20;
/** Why a message is shown to the model, or is not. */
export type WindowReason =
  | "in_window"
  /** Newer messages fill the window. */
  | "beyond_messages"
  /** It, or a newer one, does not fit into the token budget any more. */
  | "beyond_tokens"
  /** It, or a newer one, does not cross to the model in one piece any more. */
  | "beyond_size"
  /** Its turn has no answer: it failed, was abandoned, or is still in progress. */
  | "unanswered"
  /** A tool's result without the call, or a call without its result. */
  | "unpaired";

/** A message of the session, and whether the model is shown it. */
export interface Weighed<T = Turn> {
  turn: T;
  /** The how-manieth message of its turn. */
  index: number;
  message: Message;
  reason: WindowReason;
}

/** Texts that the model is shown beside the messages. */
export interface WindowFrame extends SystemTexts {
  assistant: Pick<Assistant, "instructions" | "window">;
  /** The user's facts: see shared/user-facts.ts. */
  remembered?: Message | null;
  /** The new message. */
  input: string;
  /** See {@link roomBeside}. */
  room?: number;
}

/**
 * In bytes: how much of the conversation crosses beside a new message.
 *
 * @param policed - the texts of the message, as policies are to see them; empty where there are none
 */
export const roomBeside = (input: Content, policed: string): number =>
  SHOWN_BYTES - rpcBytes(input) - 2 * rpcBytes(policed);

/**
 * The session's last turn, and the messages that the model is shown: not {@link pairToolCalls} yet, as the new one may hold
 * the results of calls in them.
 *
 * @param retried - a turn that is about to be answered again, and so is not in its own window
 * @param from - the last turn that is looked at; null: the session's last
 */
export function readWindow(
  turns: Pick<Turns, "newest">,
  key: number,
  frame: WindowFrame,
  retried: number | null,
  from: number | null = null,
): { last: TurnText | null; messages: Message[]; shown: number; oldest: number | null } {
  const size = Math.max(2, frame.assistant.window.messages);
  const filler = new WindowFiller(frame);
  let scanned = 0;
  let page = turns.newest(key, Math.ceil(size / 2), from);
  const last = page[0] ?? null;
  while (page.length > 0 && !filler.isFull) {
    for (const turn of page) if (!filler.isFull && turn.id !== retried) filler.add(turn);
    const oldest = page.at(-1);
    scanned += page.length;
    if (filler.isFull || !oldest || scanned >= WINDOW_SCAN || isFirstTurn(oldest.id)) break;
    page = turns.newest(key, size, oldest.id - 1);
  }
  const { messages: shown, oldest } = filler;
  return { last, messages: shown, shown: shown.length, oldest };
}

/**
 * All of the session's messages.
 *
 * @throws ApiError `context_too_large` past {@link WHOLE_LENGTH}
 */
export function readWhole(
  turns: Pick<Turns, "list">,
  key: number,
  retried: number | null,
  until: number | null,
  room = SHOWN_BYTES,
): ReturnType<typeof readWindow> {
  const newestFirst: Message[] = [];
  let length = 0;
  let left = room;
  let last: Turn | null = null;
  let oldest: number | null = null;
  for (let from = until; ;) {
    const page: Turn[] = turns.list(key, { limit: WHOLE_PAGE, order: "desc", from });
    last ??= page[0] ?? null;
    for (const turn of page) {
      if (turn.id === retried || !isAnswered(turn)) continue;
      const messages = turnMessages(turn);
      length += messages.reduce((sum, message) => sum + textLengthOf(message), 0);
      left -= rpcBytes(messages);
      newestFirst.push(...messages.toReversed());
      oldest = turn.id;
    }
    if (length > WHOLE_LENGTH) throw tooMuch(`${WHOLE_LENGTH} characters`);
    if (left < 0) throw tooMuch("26 MiB of texts, pictures and files with the new message");
    const end = page.at(-1);
    if (!end) break;
    from = end.id - 1;
  }
  const messages = newestFirst.toReversed();
  return { last, messages, shown: messages.length, oldest };
}

const tooMuch = (what: string): ApiError =>
  new ApiError(
    "context_too_large",
    `The conversation has more than ${what}. Send "truncation": "auto" to show the model its newest part, or compact it.`,
    { param: "truncation" },
  );

/**
 * Fills a window from the session's newest turn backwards. The window is always an unbroken end of the answered turns'
 * messages: after one that does not fit, no older message is added.
 */
export class WindowFiller {
  readonly #limit: number;
  /** Estimated tokens left; null: as many as there are. */
  #budget: number | null;
  /** Bytes left, of texts, pictures and files. */
  #room: number;
  /** Why nothing older is shown; null while there is room. */
  #full: WindowReason | null = null;
  readonly #shown: Message[] = [];
  /** The id of the oldest turn of which something is shown; null while nothing is. */
  oldest: number | null = null;

  constructor(frame: WindowFrame) {
    const { messages, tokens } = frame.assistant.window;
    this.#limit = messages;
    this.#room = frame.room ?? SHOWN_BYTES;
    const question = frame.input === "" ? null : { role: "user" as const, content: frame.input };
    const fixed = [systemMessage(frame), frame.remembered ?? null, question];
    this.#budget =
      tokens === null ? null : tokens - estimateTokens(fixed.filter((each) => each !== null));
  }

  get isFull(): boolean {
    return this.#full !== null || this.#shown.length >= this.#limit;
  }

  /** The messages that are shown, oldest first. */
  get messages(): Message[] {
    return this.#shown.toReversed();
  }

  /** The turn before those that were added already. @returns its messages, newest first */
  add<T extends TurnText>(turn: T): Weighed<T>[] {
    const answered = isAnswered(turn);
    return turnMessages(turn)
      .map((message, index) => ({ turn, index, message }))
      .toReversed()
      .map((placed) => ({
        ...placed,
        reason: answered ? this.#weigh(placed.message, turn.id) : "unanswered",
      }));
  }

  #weigh(message: Message, turn: number): WindowReason {
    if (this.#full === null && this.#shown.length >= this.#limit) this.#full = "beyond_messages";
    if (this.#full === null) {
      this.#room -= rpcBytes(message);
      if (this.#room < 0) this.#full = "beyond_size";
    }
    if (this.#full === null && this.#budget !== null) {
      this.#budget -= estimateTokens([message]);
      if (this.#budget < 0) this.#full = "beyond_tokens";
    }
    if (this.#full !== null) return this.#full;
    this.#shown.push(message);
    this.oldest = turn;
    return "in_window";
  }
}

/** Whether a turn's messages are shown to the model after it. A blocked one's are not: its answer is no model's. */
export const isAnswered = (turn: TurnText): boolean =>
  turn.output !== null && isVisible(turn) && turn.extra.policy?.outcome !== "blocked";

/** A call or a result is, where its id is; whatever else is weighed is never unpaired. */
export function isShown(message: Message, window: readonly Message[]): boolean {
  if (message.role === "tool")
    return window.some(
      (each) => each.role === "tool" && each.tool_call_id === message.tool_call_id,
    );
  const calls = toolCallsOf(message);
  return calls.every(({ id }) => window.flatMap(toolCallsOf).some((call) => call.id === id));
}

/** A session's window, as the model would see it. */
export interface WindowView {
  assistant: string;
  limits: Assistant["window"];
  /** Summary of the turns that left the window, and the last call that it covers; null when there is none. */
  summary: { text: string; through: string } | null;
  /** Estimated, of all that the model would see. */
  tokens: number;
  /** In order: the system message, the user's facts, the window, and the new message, if there is one. */
  messages: Message[];
  /** The session's newest messages, newest first, and why each is shown or not. */
  considered: Weighed[];
}

/** What stands before the window: the system message, then the user's facts. */
export const beforeWindow = (frame: Omit<WindowFrame, "input">): Message[] =>
  [systemMessage(frame), frame.remembered ?? null].filter((each) => each !== null);

/**
 * The window as a turn would find it.
 *
 * @param newest - up to {@link WINDOW_SCAN} turns, newest first
 * @param remembered - the user's facts
 * @param input - the new message; empty for none
 */
export function viewWindow(
  newest: readonly Turn[],
  details: DetailsRow | null,
  assistants: readonly Assistant[],
  remembered: Message | null,
  input: string,
): WindowView {
  const assistant = findAssistant(assistants, details?.assistant ?? DEFAULT_ASSISTANT);
  const facts = parseFacts(details?.facts ?? null);
  const frame = { assistant, facts, summary: details?.summary ?? null, remembered, input };
  const filler = new WindowFiller(frame);
  const weighed = newest.flatMap((turn) => filler.add(turn));
  const window = pairToolCalls(filler.messages);
  const considered = weighed.map((each) =>
    each.reason === "in_window" && !isShown(each.message, window)
      ? { ...each, reason: "unpaired" as const }
      : each,
  );
  const messages: Message[] = [
    ...beforeWindow(frame),
    ...window,
    ...(input === "" ? [] : [{ role: "user" as const, content: input }]),
  ];
  return {
    assistant: assistant.name,
    limits: assistant.window,
    summary: details?.summary
      ? { text: details.summary, through: callId(details.summary_turn ?? 0) }
      : null,
    tokens: estimateTokens(messages),
    messages,
    considered,
  };
}
