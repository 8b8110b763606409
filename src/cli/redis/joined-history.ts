import type { History } from "../reading/history.ts";
import type { FoundMessage } from "../reading/turns.ts";
import type { KeyName } from "./kinds.ts";
import type { MysqlHistory } from "./mysql-history.ts";

/**
 * The messages of an admin or a customer: what MySQL has, between what only the key in Redis has, older and newer. Where
 * MySQL has nothing, the key's own; what is missing is counted.
 */
export async function joinedHistory(
  { kind, id, user_id = "" }: KeyName,
  own: History,
  mysql: MysqlHistory | null,
): Promise<History> {
  if (kind !== "admin" && kind !== "customer") return own;
  if (mysql === null) {
    // A customer's key has messages of its own; an admin's has them in MySQL alone.
    if (kind === "admin") own.left.add("messages in MySQL (none was named)");
    return own;
  }
  const stored = await mysql.of(kind, user_id || id);
  if (stored === null) {
    own.left.add(`${kind}s without a table in MySQL`);
    return own;
  }
  if (stored.messages.length + stored.unread.length === 0) {
    own.left.add(`${kind}s without messages in MySQL`);
    return own;
  }
  const { older, newer } = missingFrom(stored, own);
  // With `last`, older messages were not asked for.
  const { isCut } = stored;
  if (isCut) own.left.add("older messages", older.length);
  const messages = [...(isCut ? [] : older), ...stored.messages, ...newer];
  for (const [what, count] of Object.entries(own.left.toJSON())) stored.left.add(what, count);
  return { ...stored, messages };
}

/** A message that both have is taken once, with the time that MySQL gives it. */
function missingFrom(
  { messages }: History,
  own: History,
): { older: FoundMessage[]; newer: FoundMessage[] } {
  const known = new Map<string, number>();
  for (const message of messages) known.set(said(message), (known.get(said(message)) ?? 0) + 1);
  const [oldest] = messages;
  const missing = own.messages.filter((message) => {
    const left = known.get(said(message)) ?? 0;
    known.set(said(message), left - 1);
    return left <= 0;
  });
  const isOlder = ({ at }: FoundMessage) => at !== undefined && at < (oldest?.at ?? -Infinity);
  return {
    older: missing.filter(isOlder),
    newer: missing.filter((message) => !isOlder(message)),
  };
}

const said = ({ role, content }: FoundMessage): string => JSON.stringify([role, content]);
