import { sessionLine, turnLine } from "../../src/account/archive/format/format.ts";
import type { TurnLine } from "../../src/account/archive/format/format.ts";
import { textOfParts } from "../../src/shared/items.ts";
import type { Conversation, Found, Source } from "../../src/cli/source.ts";

/** Everything that a source has, in its order; each line is checked to be one of the format. */
export async function readAll(
  source: Source,
  after: string | null = null,
  most = Infinity,
): Promise<Found[]> {
  const all: Found[] = [];
  try {
    for await (const found of source.read(after)) {
      all.push(found);
      if ("conversation" in found) {
        const { session, turns } = found.conversation;
        // As it travels: what JSON does not have is not there.
        sessionLine.parse(JSON.parse(JSON.stringify(session)));
        for (const turn of turns) turnLine.parse(JSON.parse(JSON.stringify(turn)));
      }
      if (all.length >= most) break;
    }
  } finally {
    await source.close();
  }
  return all;
}

export const conversationsIn = (found: readonly Found[]): Map<string, Conversation> =>
  new Map(
    found.flatMap((each) =>
      "conversation" in each ? [[each.conversation.session.session_id, each.conversation]] : [],
    ),
  );

export const problemsIn = (found: readonly Found[]): string[] =>
  found.flatMap((each) => ("problem" in each ? [each.problem] : []));

/** Every item of a conversation's turns, `>` before what was asked, `<` before what was answered. */
export const spoken = (turns: readonly TurnLine[]): string[] =>
  turns.flatMap(({ input, output }) => [
    ...[input].flat().map((item) => `> ${told(item)}`),
    ...[output ?? []].flat().map((item) => `< ${told(item)}`),
  ]);

function told(item: TurnLine["input"][number]): string {
  if (typeof item === "string") return item;
  if (item.type === "function_call") return `${item.name}(${item.arguments})`;
  if (item.type === "function_call_output") return `= ${textOfParts(item.output)}`;
  if (item.type === "reasoning" || item.type === "compaction") return `${item.type}: ${item.text}`;
  if (item.type !== "message") return JSON.stringify(item);
  const { role, content } = item;
  return `${role}: ${typeof content === "string" ? content : JSON.stringify(content)}`;
}
