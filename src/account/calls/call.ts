import { callId } from "../../shared/ids.ts";
import { messagesOf, textOf, toolCallsOf } from "../../shared/items.ts";
import type { Content, Message } from "../../shared/items.ts";
import type { TurnReader } from "../conversation/read-messages.ts";
import { flagsOf } from "../store/sessions/session-flags.ts";
import { providerOf } from "../../shared/model-providers.ts";
import { isAnswered } from "../conversation/window.ts";
import { chatMessage, chatResponse } from "../../openai/chat-format.ts";
import { missingChunks } from "./missing-chunks.ts";
import type { ChatRequest } from "../../openai/chat-format.ts";
import type { PolicyOutcome } from "../../shared/policy-record.ts";
import { turnMessages } from "../../shared/turn.ts";
import type { Turn } from "../../shared/turn.ts";
import { pairToolCalls } from "../../shared/pair-tool-calls.ts";

/** Turns that are read at a time on the way back through a window. */
const READ_TURNS = 20;

/** A turn as a gateway's log shows it. Times are ms since the epoch. */
export interface Call {
  call_id: string;
  session_id: string | null;
  user_id: string | null;
  status: Turn["status"];
  provider: string | null;
  /** Without its provider. */
  model: string | null;
  created_at: number;
  duration_ms: number | null;
  input_tokens: number | null;
  output_tokens: number | null;
  policy_outcome: PolicyOutcome | null;
  error: { code: string; message: string } | null;
  /** JSON, as another program wrote it. Absent in lists, and where nothing was written. */
  metadata?: string;
  /** Numbers of chunks that a completed call lacks, and takes still. Absent in lists, and where none is missing. */
  missing_chunks?: number[];
  /** Written by another program: Colloquy asked no model. */
  external: boolean;
}

/** A model's name in two. Null: no provider is known. */
interface NamedModel {
  provider: string | null;
  model: string;
}

/** `openai/gpt-5` is the provider `openai` and the model `gpt-5`. `local` is both, as it is a provider without models. */
export function splitModel(name: string): NamedModel {
  const slash = name.indexOf("/");
  if (slash < 0) return { provider: providerOf(name), model: name };
  return { provider: name.slice(0, slash) || null, model: name.slice(slash + 1) };
}

/** The model that another program named. It may have named no provider, and then there is none. */
const splitWritten = (name: string): NamedModel =>
  name.includes("/") ? splitModel(name) : { provider: null, model: name };

/**
 * The other way round. A provider of nothing is none: a slash before the model (`/meta-llama/Llama-3.3-70B`, `/local`) keeps
 * its name, or a part of it, from being taken for a provider.
 */
export function joinModel(
  provider: string | null | undefined,
  model: string | null | undefined,
): string | null {
  if (model === null || model === undefined) return null;
  if (provider) return `${provider}/${model}`;
  const isAmbiguous = model.includes("/") || providerOf(model) !== null;
  return isAmbiguous ? `/${model}` : model;
}

/** @param sessionId - may be a block of the journal, which no reply shows */
export const callOf = (turn: Turn, sessionId: string | null, userId: string | null): Call => ({
  call_id: turn.extra.call?.id ?? callId(turn.id),
  session_id: sessionId === null || flagsOf(sessionId) !== 0 ? null : sessionId,
  user_id: userId,
  status: turn.status,
  ...namedModel(turn),
  created_at: turn.created_at,
  duration_ms: turn.duration_ms,
  input_tokens: turn.input_tokens,
  output_tokens: turn.output_tokens,
  policy_outcome: turn.extra.policy?.outcome ?? null,
  error: turn.extra.error ?? null,
  external: turn.extra.call !== undefined,
});

/** {@link callOf} with what the program that wrote the call said of it. */
export function writtenCallOf(turn: Turn, sessionId: string | null, userId: string | null): Call {
  const metadata = turn.extra.call?.metadata;
  const missing_chunks = missingChunks(turn);
  return {
    ...callOf(turn, sessionId, userId),
    ...(metadata !== undefined && { metadata }),
    ...(missing_chunks.length > 0 && { missing_chunks }),
  };
}

export function namedModel({ model, extra }: Pick<Turn, "model" | "extra">) {
  if (model === null) return { provider: null, model: null };
  return extra.call ? splitWritten(model) : splitModel(model);
}

/** The request to the model, or its response. */
export interface CallEvent {
  event_type: "request" | "response";
  /** 0 and 1. */
  sequence: number;
  created_at: number;
  /** JSON: a chat completion's request or response. */
  payload: string;
}

/**
 * The request that the model was sent, and its response, in OpenAI's format. Composed from the turns before it, which do
 * not change any more; nothing of it is stored twice.
 *
 * @param system - the text of the turn's frame; null where there was none
 */
export function eventsOf(turn: Turn, system: string | null, read: TurnReader): CallEvent[] {
  const { call } = turn.extra;
  const asked = { sequence: 0, event_type: "request" as const, created_at: turn.created_at };
  const answered = {
    sequence: 1,
    event_type: "response" as const,
    created_at: turn.created_at + (turn.duration_ms ?? 0),
  };
  if (call) {
    return [
      ...(call.request === undefined ? [] : [{ ...asked, payload: call.request }]),
      ...(call.response === undefined ? [] : [{ ...answered, payload: call.response }]),
    ];
  }
  const model = turn.model === null ? "" : splitModel(turn.model).model;
  const request: ChatRequest = {
    model,
    messages: messagesSeen(turn, system, read).map(chatMessage),
  };
  const events: CallEvent[] = [{ ...asked, payload: JSON.stringify(request) }];
  if (turn.output === null) return events;
  const response = chatResponse({
    ...turn,
    id: callId(turn.id),
    model,
    text: textOf(turn.output, "assistant"),
    calls: messagesOf(turn.output, "assistant").flatMap(toolCallsOf),
    isPartial: turn.status === "interrupted" || isCutOff(turn.output),
  });
  return [...events, { ...answered, payload: JSON.stringify(response) }];
}

const isCutOff = (output: Content): boolean =>
  typeof output !== "string" &&
  output.some((each) => "status" in each && each.status === "incomplete");

/** The model's messages: the system message, the window and the input. */
function messagesSeen(turn: Turn, system: string | null, read: TurnReader): Message[] {
  const window: Message[] = [];
  let from = turn.id - 1;
  while (window.length < (turn.shown ?? 0)) {
    const page = read("desc", from, READ_TURNS);
    for (const before of page) {
      if (isAnswered(before)) window.push(...turnMessages(before).toReversed());
    }
    const oldest = page.at(-1);
    if (!oldest) break;
    from = oldest.id - 1;
  }
  return [
    ...(system === null ? [] : [{ role: "system" as const, content: system }]),
    // Together: what was asked may hold the results of calls before it.
    ...pairToolCalls([
      ...window.slice(0, turn.shown ?? 0).toReversed(),
      ...turnMessages({ ...turn, output: null }),
    ]),
  ];
}
