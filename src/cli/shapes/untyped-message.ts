import { isNumber } from "../../shared/json.ts";
import { isObject } from "../../shared/json-merge-patch.ts";
import type { FoundMessage } from "../reading/turns.ts";
import { contentOf } from "../reading/content.ts";
import { historyOf, oldestFirst, toolCallsIn } from "../reading/history.ts";
import { Unreadable } from "../reading/unreadable.ts";
import type { Entry, History } from "../reading/history.ts";
import type { Tally } from "../reading/tally.ts";
import { momentOf } from "../reading/moment.ts";
import { roleOf } from "../reading/roles.ts";

/** The names that what a message has goes by; the first that is there counts. */
const ROLE = ["role", "sender", "from", "author", "type"] as const;
const CONTENT = ["content", "text", "message", "body"] as const;
const TIME = ["timestamp", "created_at", "createdAt", "time", "ts", "date"] as const;
const ID = ["id", "message_id", "messageId"] as const;
const MODEL = ["model", "model_name"] as const;

/** Messages whose program is not known: each has a role, a content, and perhaps a time, by one of several names. */
export const untypedHistory = (entries: readonly Entry[]): History =>
  oldestFirst(historyOf(entries, (value, calls, left) => calls.add(untypedMessage(value, left))));

/** @throws Unreadable */
function untypedMessage(value: unknown, left: Tally): FoundMessage {
  if (!isObject(value)) throw new Unreadable("it is no object with a role and a content");
  const fields = value;
  const used = new Set<string>();
  const first = (names: readonly string[]): unknown => {
    const name = names.find((each) => fields[each] !== undefined && fields[each] !== null);
    if (name !== undefined) used.add(name);
    return name === undefined ? undefined : fields[name];
  };
  const named = first(ROLE);
  if (typeof named !== "string") throw new Unreadable(`it has no role (${ROLE.join(", ")})`);
  const role = roleOf(named);
  if (role === null) throw new Unreadable(`its role "${named.slice(0, 40)}" is not known`);
  const asked = first(["tool_calls"]);
  if (asked !== undefined && !Array.isArray(asked))
    throw new Unreadable("its tool_calls are no list");
  const calls = toolCallsIn(asked ?? []);
  const content = first(CONTENT);
  if (content === undefined && calls.length === 0)
    throw new Unreadable(`it has no content (${CONTENT.join(", ")})`);
  const said = first(TIME);
  const at = momentOf(said);
  if (said !== undefined && at === null) left.add("time that cannot be read");
  const id = idOf(first(ID), left);
  const model = textOf(first(MODEL), "model", left);
  const answered = textOf(first(["tool_call_id"]), "tool_call_id", left);
  const message: FoundMessage = {
    role,
    content: contentOf(content, role, left),
    ...(id !== undefined && { id }),
    ...(at !== null && { at }),
    ...(model !== undefined && { model }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(answered !== undefined && { tool_call_id: answered }),
  };
  for (const [name, field] of Object.entries(fields)) {
    const isSaid = used.has(name) || field === null || (name === "type" && field === "message");
    if (!isSaid) left.add(`message.${name}`);
  }
  return message;
}

function textOf(value: unknown, name: string, left: Tally): string | undefined {
  if (typeof value === "string") return value;
  if (isNumber(value)) return String(value);
  if (value !== undefined) left.add(`message.${name}`);
  return undefined;
}

/** The id that a message had there. */
export function idOf(value: unknown, left: Tally): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string" || isNumber(value)) return String(value);
  left.add("message id");
  return undefined;
}
