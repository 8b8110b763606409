import { sessionLine, turnLine } from "../../src/archive/format.ts";
import type { Conversation, Found, Source } from "../../src/transfer/source.ts";

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

/** What was said, for a glance: `user: Hello`. */
export const saidIn = ({ turns }: Conversation): string[] =>
  turns.flatMap(({ input, output }) =>
    [
      { said: input, role: "user" },
      { said: output ?? [], role: "assistant" },
    ].flatMap(({ said, role }) =>
      typeof said === "string"
        ? [`${role}: ${said}`]
        : said.map((item) =>
            item.type === "message"
              ? `${item.role}: ${typeof item.content === "string" ? item.content : JSON.stringify(item.content)}`
              : item.type === "function_call"
                ? `call ${item.call_id}: ${item.name}(${item.arguments})`
                : `result ${item.call_id}: ${item.output}`,
          ),
    ),
  );
