import { z } from "zod";

import { clientFields } from "../../shared/client-items.ts";
import type { ClientItem } from "../../shared/client-items.ts";
import { HISTORY_TYPES, historyShape } from "../../shared/history-items.ts";
import type { HistoryItem } from "../../shared/history-items.ts";
import { isObject } from "../../shared/json-merge-patch.ts";
import { omitEmpty } from "../../shared/omit.ts";
import { hasHalf } from "../../shared/stored-bounds.ts";
import { WELL_FORMED } from "../../shared/field-schemas.ts";
import type { Item } from "../../shared/items.ts";
import { NO_FILES, only, text, textOrParts, url } from "./content-input.ts";
import { ignored } from "./inert-fields.ts";
import { call_id, calledName, echoed, extra, signatureOf } from "./item-echo.ts";
import { laterTool } from "./tool-input.ts";

/** Fields that replies have, and that clients send back. */
const told = () => ({
  ...echoed,
  extra_content: extra,
  ...ignored("async", "caller", "created_by"),
});
type Told = keyof ReturnType<typeof told>;

/** The item as it is stored. */
const stored = <T extends ClientItem["type"], Fields extends { type: T }>(
  sent: Fields & { [name in Told]?: unknown } & { extra_content?: z.infer<typeof extra> },
): Item => {
  const { id: _, status: __, async: ___, caller: ____, created_by: _____, ...item } = sent;
  const { extra_content, ...fields } = item;
  return { ...omitEmpty(fields), ...signatureOf(extra_content) } as Item;
};

const wellFormed = <T extends z.ZodType>(schema: T) =>
  schema.refine((value) => !hasHalf(value), { error: WELL_FORMED });

const custom = z.lazy(() =>
  z
    .strictObject({
      ...clientFields.custom_tool_call(),
      ...told(),
      call_id,
      name: calledName,
      namespace: calledName.nullish(),
      input: text,
    })
    .transform(stored),
);
const customOutput = z.lazy(() =>
  z
    .strictObject({
      ...clientFields.custom_tool_call_output(),
      ...told(),
      call_id,
      output: textOrParts,
    })
    .transform(stored),
);
const localShell = z.lazy(() =>
  wellFormed(z.strictObject({ ...clientFields.local_shell_call(), ...told(), call_id })).transform(
    (sent) => stored({ ...sent, action: omitEmpty(sent.action) }),
  ),
);
const localShellOutput = z.lazy(() =>
  z
    .strictObject({
      ...clientFields.local_shell_call_output(),
      ...told(),
      call_id,
      output: text,
    })
    .transform(stored),
);
const shell = z.lazy(() => {
  const { environment, ...fields } = clientFields.shell_call();
  return wellFormed(
    z.strictObject({
      ...fields,
      environment: environment.nullable(),
      ...told(),
      call_id,
    }),
  ).transform((sent) => stored({ ...sent, action: omitEmpty(sent.action) }));
});
const shellOutput = z.lazy(() => {
  const { max_output_length, output, ...fields } = clientFields.shell_call_output();
  const chunk = output.element.extend(ignored("created_by"));
  return wellFormed(
    z.strictObject({
      ...fields,
      output: z.array(chunk),
      max_output_length: max_output_length.nullable(),
      ...told(),
      call_id,
    }),
  ).transform((sent) =>
    stored({
      ...sent,
      output: sent.output.map(({ created_by: _by, ...each }) => each),
    }),
  );
});
const patch = z.lazy(() =>
  wellFormed(z.strictObject({ ...clientFields.apply_patch_call(), ...told(), call_id })).transform(
    stored,
  ),
);
const patchOutput = z.lazy(() => {
  const { output, ...fields } = clientFields.apply_patch_call_output();
  return wellFormed(
    z.strictObject({ ...told(), ...fields, output: output.nullable(), call_id }),
  ).transform(({ type, call_id: id, status, output: said }): Item => ({
    type,
    call_id: id,
    status,
    ...(typeof said === "string" && { output: said }),
  }));
});
const computer = z.lazy(() => {
  const fields = clientFields.computer_call();
  return wellFormed(
    z.strictObject({
      ...fields,
      action: fields.action.nullable(),
      actions: fields.actions.nullable(),
      // The Agents SDK leaves them out where there are none.
      pending_safety_checks: fields.pending_safety_checks.nullish().transform((sent) => sent ?? []),
      ...told(),
      call_id,
    }),
  ).transform(stored);
});
const computerOutput = z.lazy(() => {
  const { acknowledged_safety_checks: checks, ...fields } = clientFields.computer_call_output();
  return wellFormed(
    z.strictObject({
      ...fields,
      output: z
        .strictObject({
          type: z.enum(["computer_screenshot", "input_image"]),
          image_url: url,
          file_id: z.null({ error: `${NO_FILES} image_url` }).optional(),
          ...ignored("detail"),
        })
        .transform(({ image_url }) => ({ type: "computer_screenshot" as const, image_url })),
      acknowledged_safety_checks: checks.nullable(),
      ...told(),
      call_id,
    }),
  ).transform(stored);
});
const search = z.lazy(() =>
  wellFormed(
    z.strictObject({
      ...clientFields.tool_search_call(),
      ...told(),
      execution: z.enum(["server", "client"]).default("client"),
      call_id: call_id.nullish(),
    }),
  ).transform(searched),
);
const searchOutput = z.lazy(() =>
  wellFormed(
    z.strictObject({
      ...clientFields.tool_search_output(),
      ...told(),
      execution: z.enum(["server", "client"]).default("client"),
      call_id: call_id.nullish(),
    }),
  ).transform(searched),
);

/** The null of a search that the provider ran stays. */
function searched(
  sent: Parameters<typeof stored>[0] & { call_id?: string | null | undefined },
): Item {
  const { type, ...fields } = stored(sent) as { type: "tool_search_call" };
  return { type, call_id: sent.call_id ?? null, ...fields } as Item;
}

function kept(sent: { type: HistoryItem["type"]; [field: string]: unknown }): Item {
  const { id: _, created_at: __, created_by: ___, ...item } = sent;
  return historyShape.parse(item);
}
const history = z.lazy(() =>
  wellFormed(
    z.looseObject({ type: z.enum(HISTORY_TYPES).exclude(["additional_tools"]) }),
  ).transform(kept),
);
const additionalTools = z.lazy(() =>
  wellFormed(
    z.looseObject({
      type: z.literal("additional_tools"),
      tools: z.array(laterTool, { error: only("a list of tools") }),
    }),
  ).transform(kept),
);

/** Items of tools that the client runs, and of those that ran elsewhere. */
export const clientInputs = () =>
  [
    custom,
    customOutput,
    localShell,
    localShellOutput,
    shell,
    shellOutput,
    patch,
    patchOutput,
    computer,
    computerOutput,
    search,
    searchOutput,
    history,
    additionalTools,
  ] as const;

/** The older `local_shell_call_output` names its call as `id`. Source: the OpenAI API. */
export const withCallId = (item: unknown): unknown =>
  isObject(item) && item["type"] === "local_shell_call_output"
    ? { ...item, call_id: item["call_id"] ?? item["id"] }
    : item;

export const ITEM_TYPES = only(
  'an item of the OpenAI API, such as "message", "function_call" or "function_call_output"',
);
