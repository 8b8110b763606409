import { z } from "zod";

import type { Part } from "../../shared/items.ts";
import { isObject } from "../../shared/json-merge-patch.ts";
import { plainest, textPart } from "../content.ts";
import { Calls } from "./calls.ts";
import { outcomeOf } from "./outcomes.ts";
import { jsonValues } from "./json-values.ts";
import { labelsOf } from "./labels.ts";
import { moment } from "../moment.ts";
import { modelOf } from "./model.ts";
import type { FileOptions, Outcome, Reader } from "./reader.ts";
import { addStep, stepSchema } from "./run-steps.ts";
import { Tally } from "../tally.ts";

const label = z.string().nullish();
interface Timed {
  created_at?: number | undefined;
}

/** As the API lists things, or as an array of them. */
const list = <T extends z.ZodType<Timed>>(of: T) =>
  z
    .union([
      z.array(of).transform((all) => inOrder(all, false)),
      z.object({ data: z.array(of) }).transform(({ data }) => inOrder(data, true)),
    ])
    .nullish();

const annotation = z.object({
  type: z.string(),
  file_path: z.object({ file_id: z.string() }).nullish(),
});
const image = z.object({ file_id: label, url: label, detail: label });
const partSchema = z.union([
  z.object({
    type: z.literal("text"),
    text: z.union([
      z.object({ value: z.string(), annotations: z.array(annotation).nullish() }),
      z.string().transform((value) => ({ value, annotations: [] })),
    ]),
  }),
  z.object({ type: z.literal("image_file"), image_file: image }),
  z.object({ type: z.literal("image_url"), image_url: image }),
  z.object({ type: z.literal("refusal"), refusal: z.string() }),
  z.object({ type: z.string() }).transform(({ type }) => ({ type: "other" as const, left: type })),
]);
const messageSchema = z.object({
  id: label,
  role: z.enum(["user", "assistant"]),
  created_at: moment,
  content: z.union([
    z.array(partSchema),
    z.string().transform((value) => [{ type: "text" as const, text: { value, annotations: [] } }]),
  ]),
  attachments: z.array(z.object({ file_id: label })).nullish(),
  /** What came before `attachments`. */
  file_ids: z.array(z.string()).nullish(),
  assistant_id: label,
  run_id: label,
  metadata: z.record(z.string(), z.unknown()).nullish().catch(null),
});
type Message = z.infer<typeof messageSchema>;

const runSchema = z.object({
  created_at: moment,
  id: z.string(),
  model: label,
  steps: list(stepSchema),
  run_steps: list(stepSchema),
});
const threadSchema = z.object({
  id: z.string().min(1),
  created_at: moment,
  metadata: z.unknown().optional(),
  messages: list(messageSchema),
  runs: list(runSchema),
  steps: list(stepSchema),
  run_steps: list(stepSchema),
});

/** Threads of OpenAI's Assistants, in the shapes in which people saved them. */
export const assistants: Reader = async function* (path, options) {
  /** Messages that came without their threads. */
  const loose = new Map<string, unknown[]>();
  for await (const { from, parse } of jsonValues(path)) {
    let found: unknown[];
    try {
      found = eachOf(parse());
    } catch (error) {
      yield { from, read: () => [{ problem: (error as Error).message }] };
      continue;
    }
    for (const each of found) {
      const thread = threadOfMessage(each);
      const messages = thread === null ? undefined : loose.get(thread);
      if (thread === null) yield { from, read: () => [told(each, options)] };
      else if (messages) messages.push(each);
      else loose.set(thread, [each]);
    }
  }
  for (const [id, messages] of loose) {
    yield { from: id, read: () => [told({ id, messages }, options)] };
  }
};

/** A list that the API answered, or an object around the threads, holds more than one. */
function eachOf(value: unknown): unknown[] {
  if (!isObject(value)) return [value];
  if (value.object === "list" && Array.isArray(value.data)) return value.data;
  if (Array.isArray(value.threads)) return value.threads;
  // The thread beside what it holds.
  return [isObject(value.thread) ? { ...value, ...value.thread } : value];
}

function threadOfMessage(value: unknown): string | null {
  if (!isObject(value) || value.role === undefined) return null;
  return typeof value.thread_id === "string" ? value.thread_id : null;
}

function told(value: unknown, options: FileOptions): Outcome {
  const thread = threadSchema.parse(value);
  const left = new Tally();
  const messages = thread.messages ?? [];
  const runs = thread.runs ?? [];
  const models = new Map(runs.map(({ id, model }) => [id, modelOf(model, "openai")]));
  const steps = [
    ...(thread.steps ?? []),
    ...(thread.run_steps ?? []),
    ...runs.flatMap((run) => [...(run.steps ?? []), ...(run.run_steps ?? [])]),
  ].filter(({ step_details }) => step_details?.tool_calls);
  const calls = new Calls();
  // Times are in seconds: within one, it was asked, then the tools were called, then it was answered.
  const all = [
    ...messages.map((message) => ({ message, rank: message.role === "user" ? 0 : 2 })),
    ...inOrder(steps, false).map((step) => ({ step, rank: 1 })),
  ];
  const ordered =
    steps.length === 0 ? all : all.toSorted((a, b) => timeOf(a) - timeOf(b) || a.rank - b.rank);
  for (const each of ordered) {
    if ("step" in each) addStep(calls, each.step, models.get(each.step.run_id ?? ""), left);
    else addMessage(calls, each.message, models, left);
  }
  const by = [...new Set(messages.flatMap(({ assistant_id }) => assistant_id ?? []))];
  return outcomeOf(
    {
      id: thread.id,
      source: "openai-assistants",
      created: thread.created_at,
      metadata: { assistant_id: by.join(" ") || null, ...labelsOf(thread.metadata) },
      messages: calls.messages,
      left,
    },
    options,
  );
}

const timeOf = (each: { message: Message } | { step: Timed }): number =>
  ("message" in each ? each.message.created_at : each.step.created_at) ?? 0;

/**
 * From the oldest to the newest. Times are in seconds, and within one only the list knows the order.
 *
 * @param isListed - as the API lists, the newest first where it was not asked for otherwise
 */
function inOrder<T extends Timed>(all: readonly T[], isListed: boolean): T[] {
  const [first, last] = [all[0]?.created_at ?? 0, all.at(-1)?.created_at ?? 0];
  const isNewestFirst = first > last || (isListed && first === last);
  const inTurn = isNewestFirst ? all.toReversed() : all;
  return inTurn.toSorted((a, b) => (a.created_at ?? 0) - (b.created_at ?? 0));
}

function addMessage(
  calls: Calls,
  message: Message,
  models: ReadonlyMap<string, string | undefined>,
  left: Tally,
): void {
  const { role, id, created_at: at, run_id } = message;
  left.add("metadata", Object.keys(message.metadata ?? {}).length);
  const parts = message.content.flatMap((part): Part[] => {
    if (part.type === "refusal") return [part];
    if (part.type === "image_file") return imageOf(part.image_file);
    if (part.type === "image_url") return imageOf(part.image_url);
    if (part.type === "other") {
      left.add(part.left);
      return [];
    }
    const { value, annotations } = part.text;
    const made = (annotations ?? []).flatMap(({ file_path: file }) => file ?? []);
    left.add("citations", (annotations ?? []).length - made.length);
    return [textPart(value, role), ...made.map(fileOf)];
  });
  const attached = [
    ...(message.attachments ?? []).flatMap(({ file_id }) => (file_id ? [{ file_id }] : [])),
    ...(message.file_ids ?? []).map((file_id) => ({ file_id })),
  ];
  const content = plainest([...parts, ...attached.map(fileOf)]);
  if (content === "") return;
  const model = role === "assistant" ? models.get(run_id ?? "") : undefined;
  calls.add({ role, content, id: id ?? undefined, at, model });
}

const fileOf = ({ file_id }: { file_id: string }): Part => ({ type: "input_file", file_id });

function imageOf({ file_id, url, detail }: z.infer<typeof image>): Part[] {
  if (!file_id && !url) return [];
  return [
    {
      type: "input_image",
      ...(file_id && { file_id }),
      ...(url && { image_url: url }),
      ...(detail && { detail }),
    },
  ];
}
