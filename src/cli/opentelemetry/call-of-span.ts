import { documentsIn, fieldsIn, idIn, listIn, textIn } from "../reading/fields.ts";
import type { Fields } from "../reading/fields.ts";
import { Tally } from "../reading/tally.ts";
import { toId } from "../reading/session-id.ts";
import { isoTime } from "../../shared/time.ts";
import { documentOf } from "../reading/documents.ts";
import { attributesOf, msOf } from "./attributes.ts";
import { instructionsOf } from "./messages.ts";
import { answersIn, eventOf, wordsIn } from "./words-of-span.ts";
import type { SpanEvent } from "./words-of-span.ts";

/** Operations that ask a model for words. */
const ASKS = new Set(["chat", "text_completion", "generate_content"]);

/** A span, and the log records that name it. */
export interface SpanFound {
  span: Fields;
  /** The name of the instrumentation that wrote it. */
  scope: string;
  resource: Fields;
  records: readonly Fields[];
}

/** The body of a call, as `POST /calls` takes it, and what of the span it has no place for. */
export interface CallFound {
  call: Fields & { call_id: string };
  left: Tally;
}

/** @returns the name of what it does where it asks no model; null where it is no span of the GenAI conventions */
export function callOfSpan({
  span,
  scope,
  resource,
  records,
}: SpanFound): CallFound | string | null {
  const left = new Tally();
  const attributes = attributesOf(span["attributes"]);
  const events = [...documentsIn(span["events"]), ...records].map(eventOf);
  for (const { name, about } of events)
    if (name === "gen_ai.client.inference.operation.details") Object.assign(attributes, about);
  const take = (name: string): unknown => {
    const { [name]: value } = attributes;
    delete attributes[name];
    return value;
  };
  const operation = textIn(take("gen_ai.operation.name"));
  const asked = textIn(take("gen_ai.request.model"));
  if (operation === undefined ? asked === undefined : !ASKS.has(operation))
    return operation ?? null;
  const model = textIn(take("gen_ai.response.model"));
  const provider = textIn(take("gen_ai.provider.name")) ?? textIn(take("gen_ai.system"));
  const tokens = (name: string): number | undefined => {
    const count = take(`gen_ai.usage.${name}`);
    return typeof count === "number" && Number.isInteger(count) && count >= 0 ? count : undefined;
  };
  const [input_tokens, output_tokens] = [tokens("input_tokens"), tokens("output_tokens")];
  const instructions = instructionsOf(documentOf(take("gen_ai.system_instructions")), left);
  const input = documentOf(take("gen_ai.input.messages"));
  const output = documentOf(take("gen_ai.output.messages"));
  const tools = listIn(documentOf(take("gen_ai.tool.definitions")));
  const parameters = parametersIn(attributes, take);
  const told = { ...(asked !== undefined && { model: asked }), ...parameters };
  const answers = answersIn(output, events, left);
  const began = msOf(span["startTimeUnixNano"]);
  const ended = msOf(span["endTimeUnixNano"]);
  const id = textIn(take("gen_ai.response.id"));
  const session = idIn(take("gen_ai.conversation.id")) ?? idIn(take("session.id"));
  const user = idIn(take("user.id")) ?? idIn(take("enduser.id"));
  const failure = errorIn(span, take("error.type"), events);
  const call = {
    call_id: `${textIn(span["traceId"]) ?? ""}-${textIn(span["spanId"]) ?? ""}`,
    ...(session !== undefined && { session_id: toId(session) }),
    ...(user !== undefined && { user_id: toId(user) }),
    ...(provider !== undefined && { provider }),
    ...((model ?? asked) !== undefined && { model: model ?? asked }),
    request: {
      ...told,
      ...wordsIn(input, scope, instructions, events, left),
      ...(tools.length > 0 && { tools }),
    },
    ...(answers.length > 0 && {
      response: {
        ...(id !== undefined && { id }),
        object: "chat.completion",
        ...((model ?? asked) !== undefined && { model: model ?? asked }),
        choices: answers,
      },
    }),
    status: failure ? "failed" : "completed",
    ...(failure && { error: failure }),
    ...(began !== undefined && { created_at: isoTime(began) }),
    ...(began !== undefined && ended !== undefined && { duration_ms: Math.max(0, ended - began) }),
    ...(input_tokens !== undefined && { input_tokens }),
    ...(output_tokens !== undefined && { output_tokens }),
    metadata: { ...resource, ...attributes, scope, trace_id: span["traceId"] },
  };
  return { call, left };
}

/** `gen_ai.request.top_p` as `top_p`. */
function parametersIn(attributes: Fields, take: (name: string) => unknown): Fields {
  const prefix = "gen_ai.request.";
  const names = Object.keys(attributes).filter((name) => name.startsWith(prefix));
  return Object.fromEntries(names.map((name) => [name.slice(prefix.length), take(name)]));
}

function errorIn(
  span: Fields,
  type: unknown,
  events: readonly SpanEvent[],
): { code: string; message: string } | null {
  const { code, message } = fieldsIn(span["status"]);
  const thrown = events.find(({ name }) => name === "exception")?.about ?? {};
  // The names of protobuf's enumerations are its JSON, too.
  if (code !== 2 && code !== "STATUS_CODE_ERROR" && type === undefined) return null;
  return {
    code: textIn(type) ?? textIn(thrown["exception.type"]) ?? "error",
    message: textIn(message) ?? textIn(thrown["exception.message"]) ?? "",
  };
}
