import { z } from "zod";

import { idempotencyIn } from "../../idempotency.ts";
import { accountNames, invalid } from "../../read-request.ts";
import type { RouteRequest } from "../../route.ts";
import { namedModel } from "../../../models/model-name.ts";
import { inertFields } from "../../../openai/responses/inert-fields.ts";
import { inputItems } from "../../../openai/responses/item-input.ts";
import type { InputItem } from "../../../openai/responses/item-input.ts";
import { checkItemsSize } from "../../../openai/responses/items-size.ts";
import { parseResponseId } from "../../../openai/responses/response.ts";
import { settingsFields, settingsOf } from "../../../openai/responses/settings.ts";
import type { ResponseSettings } from "../../../openai/responses/settings.ts";
import { flag } from "../../../openai/responses/tool-input.ts";
import { functionsOf, loadedTools } from "../../../openai/responses/tools.ts";
import { messagesOf } from "../../../shared/items.ts";
import type { Item } from "../../../shared/items.ts";
import { previousNotFound } from "../../../shared/not-found-errors.ts";
import { id, metadata, documentedSchemas } from "../../../shared/field-schemas.ts";
import type { RespondRequest } from "../../../turn/respond-request.ts";

const ITEMS = 1_000;

const conversation = z
  .union([id, z.strictObject({ id }).transform((named) => named.id)], {
    error: 'takes a conversation\'s id, or {"id": "…"}',
  })
  .nullish();
/** Any text: an id that Colloquy did not make is one that is not there. */
const previous = z
  .string({ error: "takes a response's id" })
  .min(1, "takes a response's id: resp_…")
  .max(256, "takes a response's id: resp_…")
  .nullish();

/** Values of `input`: one text of the user, or items. */
export const input = z
  .unknown()
  .optional()
  .transform((value, context): InputItem[] => {
    if (value === undefined || value === null) return [];
    const schema = Array.isArray(value) ? listInput : textInput;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) context.addIssue({ ...issue });
    return [];
  });
const textInput = z.lazy(() =>
  z
    .string({ error: "takes a string, or a list of items" })
    .min(1, "is empty; send the message")
    .transform((content): unknown => [{ role: "user", content }])
    .pipe(inputItems("input", 1)),
);
const listInput = z.lazy(() => inputItems("input", ITEMS));
documentedSchemas.set(input, () => z.union([textInput, listInput]).nullish());

/** Fields that only say what is told, or how: with any of these, nothing is done differently. */
const include = z.lazy(() =>
  z
    .array(
      z.enum([
        "reasoning.encrypted_content",
        "message.output_text.logprobs",
        "message.input_image.image_url",
        "computer_call_output.output.image_url",
        "code_interpreter_call.outputs",
        "file_search_call.results",
        "web_search_call.action.sources",
        "web_search_call.results",
      ]),
      { error: "takes a list of fields to include" },
    )
    .nullish(),
);

/** Fields of every request for a response. */
export const contextFields = () => ({
  ...settingsFields(),
  ...inertFields(),
  /** A stored prompt would be the instructions: ignoring it would change the answer. */
  prompt: z
    .null({ error: "takes nothing: no prompts are stored here; send its text as instructions" })
    .optional(),
  input,
  conversation,
  previous_response_id: previous,
});

export const createFields = () => ({
  ...accountNames,
  ...contextFields(),
  store: flag,
  metadata: metadata.nullish(),
  include,
});

const createObject = z.lazy(() => z.object(createFields()));
/** The body of `POST /v1/responses`. */
export type CreateBody = z.infer<typeof createObject> & {
  background?: boolean | null | undefined;
  stream?: boolean | null | undefined;
};

/**
 * @param options.isOne - the HTTP headers are about this request alone
 * @param options.mayBeEmpty - the input may come with a later request
 * @throws ApiError for fields that do not go together, or are too large together
 */
export function requestOf(
  {
    c,
    access,
    names,
    config,
  }: Pick<RouteRequest<never, unknown, unknown>, "c" | "access" | "names" | "config">,
  body: Partial<CreateBody>,
  { isOne = true, mayBeEmpty = false } = {},
): RespondRequest {
  const { model, assistant } = namedModel(config, body.model);
  const { conversation: named, previous_response_id, store, background } = body;
  if (named && previous_response_id)
    throw invalid(
      "previous_response_id says where to go on, and so does conversation; send one of them.",
      "previous_response_id",
    );
  const previous_turn_id = previous_response_id ? parseResponseId(previous_response_id) : undefined;
  if (previous_turn_id === null) throw previousNotFound();
  if (background && store === false)
    throw invalid("What is made in the background has to be stored; leave store out.", "store");
  const said = body.input ?? [];
  if (said.length === 0 && !mayBeEmpty && !named && !previous_response_id)
    throw invalid("input is missing; send a text or a list of items.", "input");
  const settings: ResponseSettings = {
    ...settingsOf({ ...body, model: undefined }),
    ...(model !== undefined && { model }),
    ...(named && { conversation: true as const }),
    ...(previous_response_id && { previous_response_id }),
    ...(background && { background: true as const }),
    ...(body.stream && { stream: true as const }),
    ...(body.metadata && Object.keys(body.metadata).length > 0 && { metadata: body.metadata }),
  };
  checkTools(settings, said);
  checkRequestSize(said, settings, "input");
  const { user_id } = c.get("caller");
  const idempotency =
    store === false || !isOne
      ? null
      : idempotencyIn(c, { ...body, ...names, user_id, route: "responses" });
  return {
    ...access,
    scopes: c.get("caller").scopes,
    input: said,
    settings,
    ...(assistant !== undefined && { assistant }),
    ...(named && { conversation: named }),
    ...(previous_turn_id !== undefined && { previous_turn_id }),
    store: store !== false,
    ...(idempotency && { idempotency }),
  };
}

/** @throws ApiError when the tools that are to be called are not among the tools, or two have one name */
export function checkTools(
  { tools = [], tool_choice, allowed_tools }: ResponseSettings,
  said: readonly InputItem[],
): void {
  const items = said.filter((item): item is Item => item.type !== "item_reference");
  const later = loadedTools(messagesOf(items, "user"), true).flatMap(functionsOf);
  const functions = tools.flatMap(functionsOf);
  const known = new Set([...functions, ...later].map(({ name }) => name));
  const twice = functions.find(
    ({ name, standsFor }) => standsFor && functions.filter((each) => each.name === name).length > 1,
  );
  if (twice)
    throw invalid(`Two of the tools would both be ${twice.name} for a model; rename one.`, "tools");
  const named = typeof tool_choice === "object" ? [tool_choice.name] : (allowed_tools?.names ?? []);
  const lost = named.find((name) => !known.has(name));
  if (lost !== undefined)
    throw invalid(`tool_choice names the tool ${lost}, which is not among tools.`, "tool_choice");
  const mode = allowed_tools?.mode ?? tool_choice;
  if (mode === "required" && known.size === 0)
    throw invalid("tool_choice is required, and there are no tools; send some.", "tool_choice");
}

/** @param param - the field that the input is in. @throws ApiError `message_too_large` */
export const checkRequestSize = (
  said: readonly InputItem[],
  settings: ResponseSettings,
  param: string,
): void => checkItemsSize(said, param, JSON.stringify(settings));
