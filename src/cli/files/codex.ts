import { basename } from "node:path";

import { documentsIn, fieldsIn, idIn, listIn, textIn } from "../reading/fields.ts";
import type { Fields } from "../reading/fields.ts";
import { sessionsOf } from "../reading/message-tree.ts";
import { modelOf } from "../reading/model.ts";
import { momentOf } from "../reading/moment.ts";
import type { RawMessage } from "../reading/raw-message.ts";
import type { Outcome, ReadOptions, Reader } from "../reading/reader.ts";
import { Tally } from "../reading/tally.ts";
import { addResponseItem, isResponseItem } from "../shapes/response-item.ts";
import { jsonValues } from "./json-values.ts";
import type { JsonValue } from "./json-value.ts";
import { readableFields } from "./readable-fields.ts";

/** Texts that the program itself says in the user's name, in versions that do not tell whose a text is. */
const OWN_TEXT =
  /^\s*(?:<(?:environment_context|user_instructions|turn_aborted|user_shell_command|skill)>|# AGENTS\.md instructions)/;

/** Whether a line is the first of a rollout. */
export const isCodex = ({ type, payload }: Fields): boolean =>
  type === "session_meta" && idIn(fieldsIn(payload)["id"]) !== undefined;

/** Rollouts of Codex CLI: a file is a session, a line each for what happened in it. */
export const codex: Reader = async function* (path, options) {
  const lines: JsonValue[] = [];
  for await (const line of jsonValues(path, { ...options, form: "lines" })) lines.push(line);
  yield { from: basename(path), read: () => told(lines, options) };
};

function told(lines: readonly JsonValue[], options: ReadOptions): Outcome[] {
  const left = new Tally();
  const messages: RawMessage[] = [];
  let about: Fields | null = null;
  let model: string | undefined;
  let accessed: number | undefined;
  for (const fields of readableFields(lines, left)) {
    const at = momentOf(fields["timestamp"]) ?? undefined;
    accessed = at ?? accessed;
    const payload = fieldsIn(fields["payload"]);
    // A forked session has the beginnings of both; its own comes first.
    if (fields["type"] === "session_meta") about ??= payload;
    else if (fields["type"] === "turn_context")
      model = modelOf(textIn(payload["model"]), textIn(about?.["model_provider"]) ?? "codex");
    // Words are there twice: as an item, and as an event that was shown.
    else if (fields["type"] === "response_item")
      messages.push(rawOf(payload, { index: messages.length, model, at }));
    else if (fields["type"] === "compacted") left.add("summaries");
  }
  const id = idIn(about?.["id"]);
  if (about === null || id === undefined) return [{ problem: "is no rollout: it has no session" }];
  return sessionsOf(
    {
      id,
      source: "codex",
      left,
      messages,
      created: momentOf(about["timestamp"]) ?? undefined,
      accessed,
      metadata: { cwd: textIn(about["cwd"]), cli_version: textIn(about["cli_version"]) },
    },
    options,
  );
}

interface Place {
  index: number;
  model: string | undefined;
  at: number | undefined;
}

function rawOf(item: Fields, { index, model, at }: Place): RawMessage {
  return {
    at,
    addTo(calls, left) {
      const before = calls.messages.length;
      const role = item["type"] === "message" ? textIn(item["role"]) : undefined;
      const said = role === "user" ? ownWords(item) : listIn(item["content"]);
      const isInstruction = role === "developer" || role === "system";
      if (isInstruction || (role === "user" && said.length === 0)) left.add("instructions");
      else if (isResponseItem(item))
        addResponseItem(
          calls,
          role === "user" ? { ...item, content: said } : item,
          { index, model },
          left,
        );
      else left.add(`item ${textIn(item["type"]) ?? "of no type"}`);
      for (const message of calls.messages.slice(before)) message.at ??= at;
    },
  };
}

/** The parts of a user's message that the user said: newer versions tell it of each part. */
function ownWords({
  content,
  internal_chat_message_metadata_passthrough: about,
}: Fields): Fields[] {
  const origins = documentsIn(fieldsIn(about)["content_item_metadata"]);
  return documentsIn(content).filter(({ text }, place) => {
    const from = textIn(fieldsIn(origins[place]?.["provenance"])["type"]);
    return from === undefined ? !OWN_TEXT.test(textIn(text) ?? "") : from === "user";
  });
}
