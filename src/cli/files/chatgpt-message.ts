import type { Part } from "../../shared/items.ts";
import type { Calls } from "../reading/calls.ts";
import { documentsIn, fieldsIn, idIn, textIn } from "../reading/fields.ts";
import type { Fields } from "../reading/fields.ts";
import { modelOf } from "../reading/model.ts";
import { momentOf } from "../reading/moment.ts";
import { roleOf } from "../reading/roles.ts";
import type { Tally } from "../reading/tally.ts";
import type { FoundRole } from "../reading/turns.ts";
import { Unreadable } from "../reading/unreadable.ts";
import { contentOf, fileOf, saidIn } from "./chatgpt-content.ts";
import { METADATA_FIELDS, isNothing } from "./chatgpt-fields.ts";
import { readable } from "./citations.ts";
import { parseJson } from "../../shared/json.ts";

/**
 * Adds one message of ChatGPT's to those before it. A message to a tool is a call, a tool's is its result.
 *
 * @param own - an id for a call of a message that has none
 * @param usual - the model that answers where a message does not say
 * @throws Unreadable
 */
export function addMessage(
  calls: Calls,
  message: Fields,
  { own, usual }: { own: string; usual: string | undefined },
  left: Tally,
): void {
  const author = fieldsIn(message["author"]);
  const named = textIn(author["role"]);
  if (named === undefined) throw new Unreadable("it has no author");
  const role = roleOf(named);
  if (role === null || role === "developer") {
    left.add(named);
    return;
  }
  const content = fieldsIn(message["content"]);
  if (message["content"] === null || message["content"] === undefined)
    throw new Unreadable("it has no content");
  const metadata = fieldsIn(message["metadata"]);
  const id = idIn(message["id"]);
  const at = momentOf(message["create_time"]) ?? undefined;
  const tool = toolOf(message, role);
  const body = typeof message["content"] === "string" ? { parts: [message["content"]] } : content;
  const said = shown({ body, metadata, role, isAnswer: role === "assistant" && !tool }, left);
  const by = textIn(metadata["model_slug"]) ?? usual;
  const model = role === "assistant" ? modelOf(by, "openai") : undefined;
  if (tool !== undefined) {
    const tool_calls = [{ id: id ?? own, name: tool, arguments: argumentsOf(said) }];
    // An empty one asks nothing; where its tool answers all the same, a call is made up for that.
    if (said.length > 0) calls.add({ role, content: "", id, at, model, tool_calls });
  } else if (said.length === 0) {
    return;
  } else if (role === "tool") {
    calls.answer(textIn(author["name"]) ?? "tool", null, id ?? own, {
      role,
      content: said,
      id,
      at,
    });
  } else if (metadata["is_visually_hidden_from_conversation"] === true) {
    left.add("hidden");
  } else {
    calls.add({ role, content: said, id, at, model });
  }
  for (const name of Object.keys(metadata))
    if (!METADATA_FIELDS.has(name) && !isNothing(metadata[name])) left.add(`metadata.${name}`);
}

/** The tool that the message is for. */
function toolOf({ recipient }: Fields, role: FoundRole): string | undefined {
  const to = textIn(recipient);
  return role === "assistant" && to !== "all" ? to : undefined;
}

interface Shown {
  body: Fields;
  metadata: Fields;
  role: FoundRole;
  /** Whether it is for the reader. */
  isAnswer: boolean;
}

function shown({ body, metadata, role, isAnswer }: Shown, left: Tally): string | Part[] {
  const said = saidIn(body, left).map((each) =>
    isAnswer && "text" in each ? { text: readable(each.text, metadata, left) } : each,
  );
  if (isAnswer && body["content_type"] === "code" && said.length > 0) {
    const language = textIn(body["language"]) ?? "unknown";
    const code = said.map((each) => ("text" in each ? each.text : "")).join("\n");
    return `\`\`\`${language === "unknown" ? "" : language}\n${code}\n\`\`\``;
  }
  // Nearly all messages are one text.
  const isPlain =
    metadata["attachments"] === undefined && metadata["aggregate_result"] === undefined;
  if (isPlain && said.length === 1 && said[0] && "text" in said[0]) return said[0].text;
  const images = new Set(said.flatMap((each) => ("image" in each ? [each.image] : [])));
  const results = documentsIn(fieldsIn(metadata["aggregate_result"])["messages"]);
  const drawn = results.flatMap(({ image_url }): Part[] => {
    const url = textIn(image_url);
    return url === undefined ? [] : [{ type: "input_image", file_id: fileOf(url) }];
  });
  const files = documentsIn(metadata["attachments"]).flatMap((file): Part[] => {
    const [file_id, filename] = [idIn(file["id"]), textIn(file["name"])];
    if ((!file_id && !filename) || (file_id && images.has(file_id))) return [];
    return [{ type: "input_file", ...(file_id && { file_id }), ...(filename && { filename }) }];
  });
  return contentOf(said, [...drawn, ...files], role);
}

/** A call's arguments are JSON: what the model wrote where it is, else that text as the one input. */
function argumentsOf(content: string | Part[]): string {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  try {
    const value: unknown = parseJson(text);
    if (typeof value === "object" && value !== null) return text;
  } catch {
    // Code, or a search: no JSON.
  }
  return JSON.stringify(text === "" ? {} : { input: text });
}
