import type { Item } from "../../shared/items.ts";
import { SECOND_MS } from "../../shared/time.ts";
import { itemResource, placedItems } from "./item.ts";
import type { ItemResource } from "./item.ts";
import { toldFields } from "./inert-fields.ts";
import { isCall } from "./response-pieces.ts";
import { settingsFrom } from "./settings.ts";
import type { ResponseSettings } from "./settings.ts";
import { functionsOf } from "./tools.ts";
import type { Tool } from "./tools.ts";
import type { Turn } from "../../shared/turn.ts";

export type ResponseStatus =
  | "queued"
  | "in_progress"
  | "completed"
  | "incomplete"
  | "failed"
  | "cancelled";

/** Source: Open Responses, `Usage`, with OpenAI's details. */
export interface UsageResource {
  input_tokens: number;
  input_tokens_details: { cached_tokens: number; cache_write_tokens: number };
  output_tokens: number;
  output_tokens_details: { reasoning_tokens: number };
  total_tokens: number;
}

/** A response on the wire. Times are seconds since the epoch. Source: Open Responses, `ResponseResource`. */
export interface ResponseResource {
  id: string;
  object: "response";
  created_at: number;
  completed_at: number | null;
  status: ResponseStatus;
  background: boolean;
  /** The turn's session; null when nothing is stored. */
  conversation: { id: string } | null;
  error: { code: string; message: string } | null;
  incomplete_details: { reason: string } | null;
  instructions: string | null;
  max_output_tokens: number | null;
  max_tool_calls: number | null;
  metadata: Record<string, string>;
  model: string;
  output: ItemResource[];
  parallel_tool_calls: boolean;
  presence_penalty: number;
  frequency_penalty: number;
  previous_response_id: string | null;
  prompt_cache_key: string | null;
  reasoning: { effort: string | null; summary: string | null };
  safety_identifier: string | null;
  service_tier: string;
  store: boolean;
  temperature: number;
  text: { format: object; verbosity?: string };
  tool_choice: string | object;
  tools: object[];
  top_logprobs: number;
  top_p: number;
  truncation: "auto" | "disabled";
  usage: UsageResource | null;
  user?: string;
}

export const responseId = (turn: number): string => `resp_${turn.toString(36)}`;

/** The turn of a response's id; null for an id that Colloquy did not make. */
export function parseResponseId(id: string): number | null {
  const match = /^resp_([0-9a-z]{1,11})$/.exec(id);
  const turn = match?.[1] ? Number.parseInt(match[1], 36) : Number.NaN;
  return Number.isSafeInteger(turn) && responseId(turn) === id ? turn : null;
}

/** The id of a turn that is not stored, for the ids of its response and items. Stored turns have far lower ids. */
export const unstoredTurnId = (): number => {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
  return 2 ** 52 + (high % 2 ** 20) * 2 ** 32 + low;
};

/** The settings of the turn's request. */
export const settingsIn = ({ extra }: Turn): ResponseSettings => settingsFrom(extra.response);

/** The items of the turn's output. Bare text is one item. */
export const outputOf = (turn: Turn): Item[] =>
  placedItems(turn).flatMap(({ side, item }) => (side === "output" ? [item] : []));

/** @param sessionId - null for a response that is not stored */
export function responseOf(turn: Turn, sessionId: string | null): ResponseResource {
  const settings = settingsIn(turn);
  const status = statusOf(turn);
  const { reasoning_effort, reasoning_summary, verbosity } = settings;
  const told = toldFields(settings.told);
  return {
    ...told.fields,
    id: responseId(turn.id),
    object: "response",
    created_at: Math.floor(turn.created_at / SECOND_MS),
    completed_at:
      status === "completed"
        ? Math.floor((turn.created_at + (turn.duration_ms ?? 0)) / SECOND_MS)
        : null,
    status,
    background: settings.background ?? false,
    conversation: sessionId === null ? null : { id: sessionId },
    error: errorOf(turn, status),
    incomplete_details: status === "incomplete" ? { reason: reasonOf(turn) } : null,
    instructions: settings.instructions ?? null,
    max_output_tokens: settings.max_output_tokens ?? null,
    max_tool_calls: settings.max_tool_calls ?? null,
    metadata: settings.metadata ?? {},
    model: turn.model ?? settings.model ?? "default",
    output: outputResources(turn, status),
    parallel_tool_calls: settings.parallel_tool_calls ?? true,
    presence_penalty: settings.presence_penalty ?? 0,
    frequency_penalty: settings.frequency_penalty ?? 0,
    previous_response_id: settings.previous_response_id ?? null,
    prompt_cache_key: settings.prompt_cache_key ?? null,
    reasoning: {
      effort: reasoning_effort ?? null,
      summary: reasoning_summary ?? null,
      ...told.reasoning,
    },
    safety_identifier: settings.safety_identifier ?? null,
    service_tier: settings.service_tier ?? "default",
    store: sessionId !== null,
    temperature: settings.temperature ?? 1,
    text: { format: formatOf(settings), ...(verbosity !== undefined && { verbosity }) },
    tool_choice: toolChoiceOf(settings),
    tools: (settings.tools ?? []).map(toolOf),
    top_logprobs: settings.top_logprobs ?? 0,
    top_p: settings.top_p ?? 1,
    truncation: settings.truncation ?? "disabled",
    usage: usageOf(turn),
    ...(settings.user !== undefined && { user: settings.user }),
  };
}

export function statusOf({ status, extra }: Pick<Turn, "status" | "extra">): ResponseStatus {
  const cut = extra.response?.cut;
  if (status === "abandoned") return "failed";
  if (cut === "cancelled") return "cancelled";
  if (status === "interrupted" || (status === "completed" && cut)) return "incomplete";
  return status;
}

/** The output on the wire. The last item of an answer that was cut short is `incomplete`. */
function outputResources(turn: Turn, status: ResponseStatus): ItemResource[] {
  const outputs = placedItems(turn).filter(({ side }) => side === "output");
  return outputs.map(({ id, item }, index) => {
    const isCut = status !== "completed" && index === outputs.length - 1;
    const isMarked = isCut && (item.type === "message" || isCall(item));
    return itemResource(id, isMarked ? { ...item, status: "incomplete" } : item);
  });
}

/** `interrupted`: the client disconnected before the end. */
const reasonOf = ({ extra }: Turn): string => extra.response?.cut ?? "interrupted";

function errorOf({ extra }: Turn, status: ResponseStatus): ResponseResource["error"] {
  if (status !== "failed") return null;
  if (!extra.error)
    return {
      code: "server_error",
      message: "The Worker stopped before the end of the answer. Send the request again.",
    };
  const { code, message } = extra.error;
  return { code: ERROR_CODES[code] ?? "server_error", message };
}

/** OpenAI's code of a failed response, by ours. Source: the OpenAI API, `ResponseError`. */
const ERROR_CODES: Record<string, string> = {
  provider_rate_limited: "rate_limit_exceeded",
  provider_invalid_request: "invalid_prompt",
  provider_too_large: "invalid_prompt",
  provider_unprocessable: "invalid_prompt",
  model_unable: "invalid_prompt",
};

export function usageOf({ input_tokens, output_tokens, extra }: Turn): UsageResource | null {
  if (input_tokens === null || output_tokens === null) return null;
  const { cached_tokens = 0, reasoning_tokens = 0 } = extra.response ?? {};
  return {
    input_tokens,
    input_tokens_details: { cached_tokens, cache_write_tokens: 0 },
    output_tokens,
    output_tokens_details: { reasoning_tokens },
    total_tokens: input_tokens + output_tokens,
  };
}

function formatOf({ format }: ResponseSettings): object {
  if (!format) return { type: "text" };
  if (format.type === "json_object") return { type: "json_object" };
  const { name, description = null, schema, strict = false } = format;
  return { type: "json_schema", name, description, schema, strict };
}

function toolChoiceOf({ tool_choice, allowed_tools, tools = [] }: ResponseSettings) {
  if (allowed_tools) {
    const { mode, names } = allowed_tools;
    return { type: "allowed_tools", mode, tools: names.map((name) => choiceOf(name, tools)) };
  }
  if (tool_choice === undefined) return "auto";
  return typeof tool_choice === "string" ? tool_choice : choiceOf(tool_choice.name, tools);
}

/** The choice of a tool. @param name - the function that stands for it */
function choiceOf(name: string, tools: readonly Tool[]): object {
  const { type = "function" } =
    tools.find((tool) => functionsOf(tool).some((each) => each.name === name)) ?? {};
  return type === "function" || type === "custom" ? { type, name } : { type };
}

function toolOf(tool: Tool): object {
  if (tool.type !== "function") return tool;
  const { type, name, description = null, parameters = null, strict = null } = tool;
  return { type, name, description, parameters, strict };
}
