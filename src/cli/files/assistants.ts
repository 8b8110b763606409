import type { Part } from "../../shared/items.ts";
import { isObject } from "../../shared/json-merge-patch.ts";
import { plainest, textPart } from "../reading/content.ts";
import type { Calls } from "../reading/calls.ts";
import { documentsIn, fieldsIn, idIn, listIn, textIn } from "../reading/fields.ts";
import type { Fields } from "../reading/fields.ts";
import { labelsOf } from "../reading/labels.ts";
import { sessionsOf } from "../reading/message-tree.ts";
import { modelOf } from "../reading/model.ts";
import { momentOf } from "../reading/moment.ts";
import type { Outcome, ReadOptions, Reader } from "../reading/reader.ts";
import { roleOf } from "../reading/roles.ts";
import type { Tally } from "../reading/tally.ts";
import { Unreadable } from "../reading/unreadable.ts";
import { jsonValues } from "./json-values.ts";
import { addStep } from "./run-steps.ts";

/** Threads of OpenAI's Assistants, in the shapes in which people saved them. */
export const assistants: Reader = async function* (path, options) {
  /** Messages that came without their threads. */
  const loose = new Map<string, unknown[]>();
  for await (const { from, parse } of jsonValues(path, options)) {
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
      if (thread === null) yield { from, read: () => told(each, options) };
      else if (messages) messages.push(each);
      else loose.set(thread, [each]);
    }
  }
  for (const [id, messages] of loose) {
    yield { from: id, read: () => told({ id, messages }, options) };
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

function told(value: unknown, options: ReadOptions): Outcome[] {
  const thread = fieldsIn(value);
  const id = idIn(thread["id"]);
  if (id === undefined) return [{ problem: "id: the thread has no id" }];
  const messages = listOf(thread["messages"]);
  const runs = documentsIn(listOf(thread["runs"]));
  const models = new Map(
    runs.map((run) => [idIn(run["id"]), modelOf(textIn(run["model"]), "openai")]),
  );
  const steps = documentsIn(
    [thread, ...runs].flatMap((of) => [...listOf(of["steps"]), ...listOf(of["run_steps"])]),
  ).filter((step) => Array.isArray(fieldsIn(step["step_details"])["tool_calls"]));
  const raw = messages.map((message) => {
    const fields = fieldsIn(message);
    const model = models.get(idIn(fields["run_id"]));
    // Times are in seconds: within one, it was asked, then the tools were called, then it was answered.
    return {
      at: timeIn(fields),
      rank: fields["role"] === "user" ? 0 : 2,
      addTo: (calls: Calls, left: Tally) => addMessage(calls, message, model, left),
    };
  });
  const called = inOrder(steps, false).map((step) => ({
    at: timeIn(step),
    rank: 1,
    addTo: (calls: Calls, left: Tally) =>
      addStep(calls, step, models.get(idIn(step["run_id"])), left),
  }));
  const all = [...raw, ...called];
  const by = documentsIn(messages).flatMap((message) => textIn(message["assistant_id"]) ?? []);
  return sessionsOf(
    {
      messages:
        steps.length === 0
          ? all
          : all.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0) || a.rank - b.rank),
      id,
      source: "openai-assistants",
      created: timeIn(thread),
      metadata: {
        assistant_id: [...new Set(by)].join(" ") || null,
        ...labelsOf(thread["metadata"]),
      },
    },
    options,
  );
}

const timeIn = ({ created_at }: Fields): number | undefined => momentOf(created_at) ?? undefined;

/** Reads the API's form of a list, or an array; from the oldest to the newest. */
function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return inOrder(value, false);
  return inOrder(listIn(fieldsIn(value)["data"]), true);
}

/**
 * From the oldest to the newest. Times are in seconds, and within one only the list knows the order.
 *
 * @param isListed - as the API lists, the newest first where it was not asked for otherwise
 */
function inOrder<T>(all: readonly T[], isListed: boolean): T[] {
  const at = (value: T | undefined): number => timeIn(fieldsIn(value)) ?? 0;
  const [first, last] = [at(all[0]), at(all.at(-1))];
  const isNewestFirst = first > last || (isListed && first === last);
  const inTurn = isNewestFirst ? all.toReversed() : [...all];
  return inTurn.toSorted((a, b) => at(a) - at(b));
}

function addMessage(calls: Calls, message: unknown, model: string | undefined, left: Tally): void {
  if (!isObject(message)) throw new Unreadable("it is no object");
  const role = roleOf(textIn(message["role"]) ?? "");
  if (role !== "user" && role !== "assistant")
    throw new Unreadable(`its role "${String(message["role"]).slice(0, 40)}" is not known`);
  left.add("metadata", Object.keys(fieldsIn(message["metadata"])).length);
  const said = message["content"];
  const parts = (typeof said === "string" ? [said] : listIn(said)).flatMap((part) =>
    partOf(part, role, left),
  );
  const attached = [
    ...documentsIn(message["attachments"]).map(({ file_id }) => file_id),
    // The field before there was `attachments`.
    ...listIn(message["file_ids"]),
  ].flatMap((file) => idIn(file) ?? []);
  const content = plainest([...parts, ...attached.map(fileOf)]);
  if (content === "") return;
  const by = role === "assistant" ? model : undefined;
  calls.add({ role, content, id: idIn(message["id"]), at: timeIn(message), model: by });
}

function partOf(value: unknown, role: "user" | "assistant", left: Tally): Part[] {
  if (typeof value === "string") return [textPart(value, role)];
  const part = fieldsIn(value);
  const type = textIn(part["type"]) ?? "content of no type";
  if (type === "text") {
    const text = fieldsIn(part["text"]);
    const annotations = documentsIn(text["annotations"]);
    const made = annotations.flatMap((each) => idIn(fieldsIn(each["file_path"])["file_id"]) ?? []);
    left.add("citations", annotations.length - made.length);
    const words = textIn(part["text"]) ?? textIn(text["value"]) ?? "";
    return [textPart(words, role), ...made.map(fileOf)];
  }
  const refusal = textIn(part["refusal"]);
  if (type === "refusal" && refusal !== undefined) return [{ type, refusal }];
  if (type === "image_file" || type === "image_url") return imageOf(fieldsIn(part[type]));
  left.add(type);
  return [];
}

const fileOf = (file_id: string): Part => ({ type: "input_file", file_id });

function imageOf(image: Fields): Part[] {
  const [file_id, url] = [idIn(image["file_id"]), textIn(image["url"])];
  const detail = textIn(image["detail"]);
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
