import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { documentsIn, fieldsIn, idIn, listIn, textIn } from "../reading/fields.ts";
import type { Fields } from "../reading/fields.ts";
import { contentOf } from "../reading/content.ts";
import { MessageBuilder } from "../reading/message-builder.ts";
import { sessionsOf } from "../reading/message-tree.ts";
import { momentOf } from "../reading/moment.ts";
import type { RawMessage } from "../reading/raw-message.ts";
import type { Outcome, ReadOptions, Reader } from "../reading/reader.ts";
import { Unreadable } from "../reading/unreadable.ts";
import { jsonValues } from "./json-values.ts";
import type { JsonValue } from "./json-value.ts";

/** Activities that say nothing to a person. */
const SILENT = new Set(["typing", "endOfConversation", "conversationUpdate", "trace", "event"]);

/** An activity of the Bot Framework names its channel and its conversation. */
export const isActivity = (fields: Fields): boolean =>
  textIn(fields["channelId"]) !== undefined &&
  idIn(fieldsIn(fields["conversation"])["id"]) !== undefined;

/**
 * Transcripts of the Bot Framework: activities of one store or another, an activity a file, a list, or a line each. The
 * activities of one folder may be of several conversations. All activities are in memory: only together they tell which
 * conversations there are.
 */
export const botFramework: Reader = async function* (path, options) {
  const conversations = new Map<string, Fields[]>();
  for await (const { from, parse } of valuesIn(path, options)) {
    let found: Fields[];
    try {
      const value = parse();
      const { items, activities } = fieldsIn(value);
      const list = [items, activities, value].find((each) => Array.isArray(each));
      found = list ? documentsIn(list) : [fieldsIn(value)];
    } catch (error) {
      yield { from, read: () => [{ problem: (error as Error).message }] };
      continue;
    }
    for (const activity of found) {
      const id = idIn(fieldsIn(activity["conversation"])["id"]);
      if (id === undefined)
        yield { from, read: () => [{ problem: "is no activity: it names no conversation" }] };
      else conversations.set(id, [...(conversations.get(id) ?? []), activity]);
    }
  }
  for (const [id, activities] of conversations)
    yield { from: id, read: () => told(id, activities, options) };
};

/** The values of a file, or of all files of a directory and of those in it. */
async function* valuesIn(path: string, options: ReadOptions): AsyncGenerator<JsonValue> {
  if (!(await stat(path)).isDirectory()) {
    yield* jsonValues(path, options);
    return;
  }
  const names = await readdir(path, { recursive: true });
  for (const name of names.filter((each) => /\.json(l)?$/i.test(each)).toSorted())
    yield* jsonValues(join(path, name), options);
}

function told(id: string, activities: readonly Fields[], options: ReadOptions): Outcome[] {
  // The stores keep the activities of one moment in an order of their own: an answer names what it answers.
  const places = new Map(activities.map((activity, place) => [idIn(activity["id"]), place]));
  const rank = (activity: Fields): number =>
    places.get(idIn(activity["replyToId"])) === undefined ? 0 : 1;
  const ordered = activities.toSorted(
    (a, b) => (timeOf(a) ?? 0) - (timeOf(b) ?? 0) || rank(a) - rank(b),
  );
  const user = ordered.map(({ from }) => fieldsIn(from)).find(({ role }) => role !== "bot");
  return sessionsOf(
    {
      messages: ordered.map((activity, index) => rawOf(activity, index)),
      id,
      source: "bot-framework",
      user: idIn(user?.["id"]),
      title: textIn(fieldsIn(ordered[0]?.["conversation"])["name"]),
      metadata: { channel: textIn(ordered[0]?.["channelId"]) },
    },
    options,
  );
}

const timeOf = ({ timestamp, localTimestamp }: Fields): number | undefined =>
  momentOf(timestamp) ?? momentOf(localTimestamp) ?? undefined;

function rawOf(activity: Fields, index: number): RawMessage {
  return {
    at: timeOf(activity),
    addTo(calls, left) {
      const type = textIn(activity["type"]);
      if (type === undefined) throw new Unreadable("it has no type");
      if (type !== "message") {
        if (!SILENT.has(type)) left.add(`activity ${type}`);
        return;
      }
      const role = isOfBot(activity) ? ("assistant" as const) : ("user" as const);
      const id = idIn(activity["id"]);
      const builder = new MessageBuilder(
        calls,
        { role, id, at: timeOf(activity), model: undefined },
        id ?? `activity_${index}`,
      );
      builder.text(textIn(activity["text"]) ?? "");
      for (const file of documentsIn(activity["attachments"])) {
        const { contentType, contentUrl, name } = file;
        const part = { type: "file", mediaType: contentType, url: contentUrl, filename: name };
        if (textIn(contentUrl) === undefined) left.add(`card ${textIn(contentType) ?? ""}`.trim());
        else {
          const content = contentOf([part], role, left);
          if (typeof content !== "string") builder.add(...content);
        }
      }
      left.add(
        "suggested actions",
        listIn(fieldsIn(activity["suggestedActions"])["actions"]).length,
      );
      builder.flush();
    },
  };
}

/** Where the role of neither is told, an answer is the bot's. */
function isOfBot({ from, recipient, replyToId }: Fields): boolean {
  const [by, to] = [fieldsIn(from)["role"], fieldsIn(recipient)["role"]];
  if (by === "bot" || to === "user") return true;
  if (by === "user" || to === "bot") return false;
  return textIn(replyToId) !== undefined;
}
