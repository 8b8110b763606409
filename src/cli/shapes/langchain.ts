import { z } from "zod";

import type { ToolCall } from "../reading/tool-calls.ts";
import type { FoundMessage, FoundRole } from "../reading/turns.ts";
import { contentOf } from "../reading/content.ts";
import type { RawMessage } from "../reading/raw-message.ts";
import { historyOf, toolCallsIn } from "../reading/history.ts";
import { Unreadable } from "../reading/unreadable.ts";
import type { Entry, History } from "../reading/history.ts";
import { Tally } from "../reading/tally.ts";
import { idOf } from "./untyped-message.ts";
import { roleOf } from "../reading/roles.ts";
import { parseJson } from "../../shared/json.ts";

const document = z.record(z.string(), z.unknown()).nullish().catch(null);
const list = z.array(z.unknown()).nullish().catch(null);
const label = z.string().nullish().catch(null);

/** The fields of a message. Source: `langchain_core.messages`, and `StoredMessageData` of LangChain JS. */
const data = z.looseObject({
  content: z.unknown().optional(),
  /** In the place of `content`, since version 1 of LangChain JS. */
  content_blocks: z.unknown().optional(),
  role: label,
  id: z.unknown().optional(),
  name: label,
  tool_calls: list,
  invalid_tool_calls: list,
  tool_call_id: label,
  additional_kwargs: document,
  response_metadata: document,
});
type Data = z.infer<typeof data>;

/** The form that `messages_to_dict` in Python and `toDict` in JS write. */
const stored = z.object({ type: z.string(), data });
/** Without `data` around it: as the PostgreSQL history of LangChain JS writes it, which n8n has. */
const flat = data.extend({ type: z.string() });
/** The form that LangChain JS wrote at first. */
const storedFirst = z.looseObject({ type: z.string(), text: z.string(), role: label });
/** The form in which both serialise objects: `["langchain_core", "messages", "HumanMessage"]` names the class. */
const serialised = z.object({
  lc: z.number(),
  type: z.literal("constructor"),
  id: z.array(z.string()),
  kwargs: data,
});

/** Fields of a message's data that are taken, or that repeat others. */
const SAID = new Set([
  ...Object.keys(data.shape),
  "type",
  "example",
  // The pieces of tool_calls, as they were streamed.
  "tool_call_chunks",
  "chunk_position",
]);
const SAID_KWARGS = new Set(["tool_calls", "function_call", "refusal", "__openai_role__"]);
const MODEL_NAMES = ["model_name", "model", "model_id", "modelId"];

/**
 * LangChain's messages, oldest first. They have no times.
 *
 * @param left - what of them was left out before
 */
export function langchainHistory(entries: readonly Entry[], left = new Tally()): History {
  const functions = knownFunctions();
  return historyOf(
    entries,
    (value, calls) => calls.add(...messageOf(value, left, functions)),
    left,
  );
}

/** The same as raw messages of a conversation. */
export function langchainMessages(values: readonly unknown[]): RawMessage[] {
  const functions = knownFunctions();
  return values.map((value) => ({
    addTo: (calls, left) => calls.add(...messageOf(value, left, functions)),
  }));
}

/** Functions were called without an id: the last call of that name is the one that is answered. */
function knownFunctions(): Functions {
  const functions = new Map<string, string>();
  let called = 0;
  return {
    opened: (name) => {
      called += 1;
      const id = `function_${called}`;
      functions.set(name, id);
      return id;
    },
    answered: (name) => functions.get(name) ?? "",
  };
}

interface Functions {
  opened: (name: string) => string;
  answered: (name: string) => string;
}

function messageOf(value: unknown, left: Tally, functions: Functions): FoundMessage[] {
  const { type, found } = shapeOf(value);
  if (type === "remove") {
    left.add("remove");
    return [];
  }
  const role = roleIn(type, found);
  const tool_calls = callsOf(found, functions);
  const kwargs = found.additional_kwargs ?? {};
  const said = found.content ?? found.content_blocks;
  const content = contentOf(
    Array.isArray(said) ? said.filter((part) => !isCall(part)) : said,
    role,
    left,
  );
  const refusal = kwargs["refusal"];
  const id = idOf(found.id, left);
  const model = MODEL_NAMES.map((name) => found.response_metadata?.[name]).find(
    (each) => typeof each === "string" && each !== "",
  );
  const answered =
    type === "function" ? functions.answered(found.name ?? "") : (found.tool_call_id ?? undefined);
  countRest(found, type, left);
  const message: FoundMessage = {
    role,
    content:
      typeof refusal === "string" && refusal !== "" && content === ""
        ? [{ type: "refusal", refusal }]
        : content,
    ...(id !== undefined && { id }),
    ...(typeof model === "string" && { model }),
    ...(tool_calls.length > 0 && { tool_calls }),
    ...(answered !== undefined && { tool_call_id: answered }),
  };
  return [message];
}

function shapeOf(whole: unknown): { type: string; found: Data } {
  const value = typeof whole === "string" ? jsonIn(whole) : whole;
  const parsed = stored.safeParse(value);
  if (parsed.success) return { type: typeIn(parsed.data.type), found: parsed.data.data };
  const object = serialised.safeParse(value);
  if (object.success)
    return { type: typeIn(object.data.id.at(-1) ?? ""), found: object.data.kwargs };
  const bare = flat.safeParse(value);
  if (bare.success && (bare.data.content ?? bare.data.content_blocks) !== undefined) {
    const { type, ...found } = bare.data;
    // A model of Google's that stands in for another one writes its own messages as the user's.
    const isAnswer = typeIn(type) === "user" && (found.tool_calls ?? []).length > 0;
    return { type: isAnswer ? "ai" : typeIn(type), found };
  }
  const first = storedFirst.safeParse(value);
  if (!first.success) throw new Unreadable("it is no message of LangChain: no type, or no data");
  const { type, text: content, role } = first.data;
  return { type: typeIn(type), found: data.parse({ content, role }) };
}

/** A document column may hold the text of the document. */
function jsonIn(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

/** `AIMessageChunk` and `AIMessage` are `ai`. */
const typeIn = (name: string): string => name.replace(/Message(?:Chunk)?$/, "").toLowerCase();

function roleIn(type: string, found: Data): FoundRole {
  const isOther = type === "chat" || type === "generic";
  const name = isOther ? (found.role ?? "") : type;
  const role = roleOf(name);
  if (role === null) throw new Unreadable(`its type "${(name || type).slice(0, 40)}" is not known`);
  return role === "system" && found.additional_kwargs?.["__openai_role__"] === "developer"
    ? "developer"
    : role;
}

function callsOf(found: Data, functions: Functions): ToolCall[] {
  const kwargs = found.additional_kwargs ?? {};
  const raw = Array.isArray(kwargs["tool_calls"]) ? toolCallsIn(kwargs["tool_calls"]) : [];
  const parsed = toolCallsIn([...(found.tool_calls ?? []), ...(found.invalid_tool_calls ?? [])]);
  const said = found.content ?? found.content_blocks;
  const inContent = Array.isArray(said)
    ? toolCallsIn(said.filter((part) => usedTool.safeParse(part).success))
    : [];
  const single = functionCall.safeParse(kwargs["function_call"]);
  const calls = [...parsed];
  // The raw ones have the arguments as the model wrote them; what was parsed has at times more calls.
  for (const call of [...raw, ...inContent]) {
    const at = calls.findIndex(({ id }) => id === call.id);
    if (at === -1) calls.push(call);
    else if (raw.includes(call)) calls[at] = call;
  }
  if (single.success && calls.length === 0)
    for (const call of toolCallsIn([single.data]))
      calls.push({ ...call, id: functions.opened(call.name) });
  return calls;
}

/** The single call of versions before there were several. */
const functionCall = z.looseObject({ name: z.string(), arguments: z.unknown().optional() });
/** Parts that say again what is in the message's tool calls. */
const callPart = z.looseObject({
  type: z.enum(["tool_use", "tool_call", "function_call", "tool_call_chunk", "input_json_delta"]),
});
const isCall = (part: unknown): boolean => callPart.safeParse(part).success;
const usedTool = z.looseObject({ type: z.literal("tool_use"), name: z.string() });

/** Tokens, log probabilities, names of speakers, artifacts: no item has a place for them. */
function countRest(found: Data, type: string, left: Tally): void {
  for (const [name, value] of Object.entries(found)) {
    const isSaid = SAID.has(name) || isEmpty(value) || (name === "status" && value === "success");
    if (!isSaid) left.add(name);
  }
  if (!isEmpty(found.name) && type !== "function" && type !== "tool") left.add("name");
  const extras = Object.entries(found.additional_kwargs ?? {});
  if (extras.some(([name, value]) => !SAID_KWARGS.has(name) && !isEmpty(value)))
    left.add("additional_kwargs");
  const tells = Object.entries(found.response_metadata ?? {});
  if (tells.some(([name, value]) => !MODEL_NAMES.includes(name) && !isEmpty(value)))
    left.add("response_metadata");
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === "" || value === false || isHollow(value);

const isHollow = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0;
