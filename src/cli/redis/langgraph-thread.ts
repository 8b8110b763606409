import { fieldsIn, idIn, listIn, textIn } from "../reading/fields.ts";
import { sessionsOf } from "../reading/message-tree.ts";
import { momentOf } from "../reading/moment.ts";
import { langchainMessages } from "../shapes/langchain.ts";
import type { Found } from "../source.ts";
import { documentOf } from "./document.ts";
import type { Place } from "./places.ts";
import type { RedisReader, Stored, StoredKey } from "./reader.ts";

interface Circumstances {
  /** The position of the place before: a problem ahead of a conversation goes on from there. */
  before: string;
  now: number;
  reader: RedisReader;
}

/** The document of a checkpoint's key; empty where it is none. */
function checkpointIn(stored: Stored | undefined) {
  const document = stored === undefined ? "" : documentOf(stored);
  return fieldsIn(typeof document === "string" ? undefined : document.rest["checkpoint"]);
}

const timeOf = ({ ts }: Record<string, unknown>) => momentOf(textIn(ts)) ?? undefined;

/**
 * A thread of LangGraph's Redis checkpointer, of its newest checkpoint and its first. A checkpoint has the messages only
 * where its step changed them; else they are in a key of their own, under the version that the checkpoint names.
 */
export async function* readThread(
  { from, position, keys }: Place,
  [newest, first]: readonly StoredKey[],
  { before, now, reader }: Circumstances,
): AsyncGenerator<Found> {
  const id = keys[0]?.name.id ?? "";
  const checkpoint = checkpointIn(newest?.stored);
  const version = idIn(fieldsIn(checkpoint["channel_versions"])["messages"]);
  const inline = fieldsIn(checkpoint["channel_values"])["messages"];
  let messages = listIn(inline);
  if (inline === undefined && version !== undefined) {
    const key = Buffer.from(`checkpoint_blob:${id}::messages:${version}`);
    const [found] = await reader.read([key]);
    const blob = found === undefined ? "" : documentOf(found.stored);
    messages = typeof blob === "string" ? [] : listIn(blob.rest["value"]);
  }
  if (idIn(checkpoint["id"]) === undefined) {
    yield { from, position, problem: `The key ${from} is no checkpoint of LangGraph.` };
    return;
  }
  const outcomes = sessionsOf(
    {
      id,
      source: "langgraph",
      messages: langchainMessages(messages),
      created: timeOf(checkpointIn(first?.stored)) ?? timeOf(checkpoint),
      accessed: timeOf(checkpoint),
      metadata: { key: from },
    },
    { now },
  );
  for (const [index, outcome] of outcomes.entries())
    yield { from, position: index === outcomes.length - 1 ? position : before, ...outcome };
}
