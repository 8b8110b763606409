import { mapArguments } from "./argument-texts.ts";
import { isClientItem } from "./client-items.ts";
import { mapParts, textOfParts } from "./content-parts.ts";
import { isHistoryItem } from "./history-items.ts";
import { messagesOf } from "./items.ts";
import type { Content, Item } from "./items.ts";
import { noted } from "./noted-change.ts";
import { openReplay, textsOfReplay } from "./provider-replay.ts";

/** The texts of all items, as one text: of messages, calls, results and reasoning. */
export const wordsOf = (content: Content): string =>
  (typeof content === "string" ? [content] : content.map(textOfItem))
    .filter((text) => text !== "")
    .join("\n");

const textOfItem = (item: Item): string =>
  isMessage(item)
    ? messagesOf([item], "user")
        .map((message) => message.content)
        .join("\n")
    : textsBeside([item]);

const isMessage = ({ type }: Item): boolean =>
  type === "message" || type === "function_call_output";

/** The texts of all items but messages and results of functions: of calls, of reasoning, and of tools that ran elsewhere. */
export function textsBeside(content: Content | null): string {
  const texts: string[] = [];
  const add = (text: string) => {
    if (text !== "") texts.push(text);
    return text;
  };
  for (const item of typeof content === "string" ? [] : (content ?? []))
    if (!isMessage(item)) mapText([item], add);
  return texts.join("\n");
}

/** Content with each text changed. Pictures, files and names stay. */
export function mapText(content: Content, change: (text: string) => string): Content {
  if (typeof content === "string") return change(content);
  return content.flatMap((one) =>
    one.type === "reasoning" ? mapReasoning(one, change) : [mapOne(one, change)],
  );
}

function mapOne(one: Item, change: (text: string) => string): Item {
  if (one.type === "function_call")
    return { ...one, arguments: mapArguments(one.arguments, change) };
  if (one.type === "compaction" || isClientItem(one) || isHistoryItem(one))
    return mapItem(one, change);
  if (one.type === "function_call_output") {
    const { output } = one;
    return {
      ...one,
      output: typeof output === "string" ? change(output) : mapParts(output, change),
    };
  }
  if (one.type !== "message") return one;
  const before = textOfParts(one.content);
  const text = change(before);
  if (text === before) return one;
  if (typeof one.content === "string") return { ...one, content: text };
  const isPlain = one.content.every((each) => "text" in each || "refusal" in each);
  return { ...one, content: isPlain ? text : mapParts(one.content, change) };
}

type Reasoning = Extract<Item, { type: "reasoning" }>;

/**
 * What the provider wants back has the texts of the reasoning again. It may have signed them, and then takes them back only as
 * they were: where one text changes, the copy goes. Reasoning of which nothing is left goes with it.
 */
function mapReasoning(one: Reasoning, change: (text: string) => string): Reasoning[] {
  const { change: noting, isChanged } = noted(change);
  const mapped = mapItem(one, noting);
  const replay = openReplay(one.encrypted_content ?? "");
  const others = replay ? textsOfReplay(replay).filter((text) => text !== one.text) : [];
  for (const text of others) noting(text);
  if (!isChanged()) return [one];
  const { encrypted_content: sealed, ...rest } = mapped;
  const left = replay || sealed === undefined ? rest : mapped;
  return left === rest && left.text === "" && left.summary === undefined ? [] : [left];
}

/** Fields that are no text: names that others refer to, and data. */
const NO_TEXT = new Set([
  "type",
  "id",
  "call_id",
  "name",
  "namespace",
  "status",
  "role",
  "execution",
  "created_at",
  "signature",
  "encrypted_content",
  "approval_request_id",
  "server_label",
  "container_id",
  "file_id",
  "fingerprint",
  "image_url",
  "file_data",
  "file_url",
]);
/** Fields that are data in an item of one type alone. */
const DATA: { [type: string]: string | undefined } = { image_generation_call: "result" };

function mapItem<T extends Item>(item: T, change: (text: string) => string): T {
  const data = DATA[item.type];
  const mapped = (value: unknown, field: string): unknown => {
    if (NO_TEXT.has(field) || (field === data && data !== undefined)) return value;
    if (typeof value === "string") return change(value);
    if (Array.isArray(value)) return value.map((each: unknown) => mapped(each, ""));
    if (typeof value !== "object" || value === null) return value;
    return mapFields(value);
  };
  const mapFields = (value: object) =>
    Object.fromEntries(Object.entries(value).map(([name, each]) => [name, mapped(each, name)]));
  return mapFields(item) as T;
}
