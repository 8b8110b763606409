import * as fc from "fast-check";

import { makeDocument } from "../../../../src/http/openapi/document.ts";
import type { DocumentedOperation } from "../../../../src/http/openapi/document.ts";
import { sealSummary } from "../../../../src/openai/responses/item.ts";
import { SUBJECTS } from "../../../../src/http/route-table.ts";
import { question } from "./answers.ts";
import { fromSchema } from "./from-schema.ts";
import type { Known } from "./from-schema.ts";
import { mostly, session, text } from "./values.ts";

/** Operations that write no turn, no session and no call, with the reason. */
const WRITE_NOTHING: Record<string, string> = {
  archiveSession: "moves what is there",
  restoreArchive: "moves what is there",
  restoreArchives: "moves what is there",
  purge: "moves what is there",
  createBackup: "copies what is there",
  restoreBackup: "brings back what was written",
  compareCalls: "reads",
  setCallsMode: "says which of two is read",
  putRetention: "says how long what is kept",
  countInputTokens: "reads",
  compactConversation: "is not stored",
  createEmbeddings: "is not stored",
  cancelResponse: "ends a background turn",
};
/** A route that takes a key that reads. Of its tools, one writes for a key that may ask. */
const TOOLS = "mcp";
/** Their lines are made in calls.ts and sessions.ts: they take many at once. */
const BY_LINES = new Set(["writeCalls", "ingestLiteLlm", "uploadOldCalls", "importSessions"]);

const JSON_TYPE = "application/json";
const documented = makeDocument(SUBJECTS);

export interface Door {
  id: string;
  method: string;
  path: string;
  operation: DocumentedOperation;
}

const writes = Object.entries(documented.paths).flatMap(([path, item]) =>
  Object.entries(item)
    .filter(([method, { security, operationId }]) => {
      const scope = security[0]?.key[0];
      if (operationId === TOOLS) return true;
      return method !== "get" && method !== "delete" && (scope === "query" || scope === "manage");
    })
    .map(([method, operation]): Door => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      operation,
    })),
);

/** Doors that take one write at a time, as JSON. A new one is among them without more. */
export const DOORS = writes.filter(
  ({ id }) => !BY_LINES.has(id) && !Object.hasOwn(WRITE_NOTHING, id),
);
/** Operations that write without a key: Twilio signs them. Their writes are made in open-doors.ts. */
export const OPEN_DOORS = Object.values(documented.paths)
  .flatMap((item) => Object.entries(item))
  .filter(([method, { security }]) => method !== "get" && !security.some(({ key }) => key))
  .map(([, { operationId }]) => operationId);
/** Names above that are no operation. */
export const UNKNOWN_NAMES = [...Object.keys(WRITE_NOTHING), ...BY_LINES].filter(
  (name) => !writes.some(({ id }) => id === name),
);

/** Ids that the account has, for what later writes name. */
export interface Ids {
  calls: string[];
  /** Calls that are not completed. */
  open: string[];
  responses: string[];
  completions: string[];
  conversations: string[];
  /** Of conversations' items. */
  items: string[];
  /** Of users' facts. */
  facts: string[];
}

const oneOf = (some: readonly string[]) =>
  fc.constantFrom(...(some.length > 0 ? some : [undefined]));
const always = (value: fc.Arbitrary<unknown>) => () => value;
const { schemas } = documented.components;
const wanted = new Set(["session_id", "input", "items", "messages", "store", "query"]);
/** The only role of routes whose sessions have an assistant of their own. */
const ROLES: Record<string, string> = { askAsCustomer: "client", askAsStaff: "admin" };

export const said = mostly(
  fc.oneof(
    question,
    text.map((each) => each.toWellFormed() || "Hi"),
  ),
  text,
);
const orSaid = (own: () => fc.Arbitrary<unknown>) => fc.oneof(said, own());
/** Items have fields of their own: `call_id` is a tool's there. */
const inputItem = ({ items }: Ids) =>
  fromSchema(
    { $ref: "#/components/schemas/InputItem" },
    {
      schemas,
      wanted,
      meaning: {
        content: orSaid,
        id: always(oneOf(items)),
        encrypted_content: always(text.map((each) => sealSummary(each.toWellFormed()))),
      },
    },
  );

/** A call of the tool that writes. */
const remember = text.map((each) => ({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name: "remember_fact", arguments: { text: each, user_id: "u1" } },
}));

/** A request to the door, made of its schema. */
export function requestTo(
  { id, path, operation }: Door,
  ids: Ids,
): fc.Arbitrary<{ path: string; body: unknown }> {
  if (id === TOOLS) return remember.map((body) => ({ path, body }));
  const isCall = id === "writeCall";
  const changesOpen = id === "writeCallEvents" || id === "completeCall";
  const own = ROLES[id];
  const item = inputItem(ids);
  const meaning: Known["meaning"] = {
    accountId: always(fc.constant(undefined)),
    account_id: always(fc.constant(undefined)),
    session_id: always(own === undefined ? session : session.map((each) => `${own}-${each}`)),
    ...(own !== undefined && { role: always(fc.constantFrom(undefined, own)) }),
    conversation: always(oneOf(ids.conversations)),
    conversation_id: always(oneOf(ids.conversations)),
    response_id: always(oneOf(ids.responses)),
    previous_response_id: always(oneOf(ids.responses)),
    completion_id: always(oneOf(ids.completions)),
    fact_id: always(oneOf(ids.facts)),
    call_id: always(isCall ? fc.uuid() : oneOf(changesOpen ? ids.open : ids.calls)),
    InputItem: always(item),
    query: always(said),
    input: always(fc.oneof(said, fc.array(item, { minLength: 1, maxLength: 3 }))),
    content: orSaid,
    ...(!isCall && { model: always(fc.constantFrom("openai/told", "openai/told", "local")) }),
    assistant: always(fc.constant("default")),
    user_id: always(
      id.endsWith("UserFact") ? fc.constant("u1") : fc.constantFrom(undefined, undefined, "u1"),
    ),
    on_busy: always(fc.constant("queue")),
    store: always(fc.constant(true)),
    background: always(fc.constant(false)),
    // What is held is not archived.
    hold: always(fc.constant(undefined)),
  };
  const known = { schemas, wanted, meaning };
  const schema = operation.requestBody?.content[JSON_TYPE]?.schema;
  const body = schema ? fromSchema(schema, known) : fc.constant({});
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const named = fc.record(
    Object.fromEntries(names.map((name) => [name, fromSchema({ type: "string" }, known, name)])),
  ) as fc.Arbitrary<Record<string, unknown>>;
  return fc.tuple(named, body).map(([values, sent]) => ({
    path: path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(String(values[name])),
    ),
    body: sent,
  }));
}
