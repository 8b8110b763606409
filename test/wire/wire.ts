import { runInDurableObject } from "cloudflare:test";
import { describe, expect, inject, it } from "vitest";

import { makeDocument } from "../../src/http/openapi/document.ts";
import { SUBJECTS } from "../../src/http/route-table.ts";
import type { Scope } from "../../src/shared/scopes.ts";
import { randomFrom } from "../journeys/random.ts";
import { objectOf } from "../support/client.ts";
import { unlistAccounts } from "../support/unlist-accounts.ts";
import { attempt } from "./attempt.ts";
import type { Attempt, Route } from "./attempt.ts";
import { Chance } from "./values.ts";
import { problemIn } from "./validate.ts";
import { World, answerTo } from "./world.ts";
import type { Answered, Caller } from "./world.ts";
import { accountRpc } from "../../src/account/account-client.ts";

/** So many different problems are told of an operation. */
const TOLD = 5;
/** An operation that none of its requests has done is tried with more, up to so many. */
const MOST_CASES = 500;
/**
 * Nobody gets this far here: encryption takes a secret that the objects of these tests do not have, and MCP has messages of
 * its own (test/http/mcp).
 */
const NEVER_DONE = new Set(["rotateAccountKey", "mcp"]);
const isDoable = (operation: string): boolean => !NEVER_DONE.has(operation);

const { seed, cases } = inject("wire");
const document = makeDocument(SUBJECTS);
const { schemas } = document.components;

const routes = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]): Route => ({
    method: method.toUpperCase(),
    path,
    operation,
  })),
);

/** Tries every operation of a subject of the document. */
export function tryAll(tag: string): void {
  const own = routes.filter(({ operation }) => operation.tags.includes(tag));
  describe.each(own.map((route) => [route.operation.operationId, route] as const))(
    "%s",
    (name, route) => {
      it(
        `answers ${cases} requests as documented (SEED=${seed})`,
        { timeout: 600_000 },
        async () => {
          const { problems, done } = await tryOne(name, route);
          expect(problems).toBe("");
          expect(done > 0 || !isDoable(name)).toBe(true);
        },
      );
    },
  );
}

async function tryOne(name: string, route: Route): Promise<{ problems: string; done: number }> {
  // Each request that purges all would else queue a job for each account of the operations before.
  await unlistAccounts();
  const world = await World.make(namesIn(route));
  const scope = (route.operation.security[0]?.key[0] ?? null) as Scope | null;
  const known = { schemas, meaning: scope === "admin" ? world.ofAdmins : world.meaning };
  const callers = world.callers(scope);
  const store = new Store(scope === "admin" ? world.target : world.account);
  const problems = new Map<string, string>();
  let done = 0;
  for (let n = 0; n < cases || (isDoable(name) && done === 0 && n < MOST_CASES); n += 1) {
    const chance = new Chance(randomFrom(hash(`${seed} ${name} ${n}`)));
    const caller = chance.of(callers);
    const made = attempt(chance, route, known, caller);
    await store.remember();
    const reply = await answerTo(requestOf(route, made));
    const problem =
      wrongIn(route, made, caller, reply) ??
      (isRefusal(reply) ? await store.changed() : store.forget());
    if (problem !== null && problems.size < TOLD && !problems.has(problem))
      problems.set(problem, told(route, made, caller, reply, `case ${n}: ${problem}`));
    if (!isRefusal(reply)) done += 1;
  }
  return { problems: [...problems.values()].join("\n\n"), done };
}

const requestOf = ({ method }: Route, { url, headers, body }: Attempt): Request =>
  new Request(url, { method, headers, ...(body !== null && { body }) });

/** A batch is answered with 422 as a whole, and says how many of its lines were stored. */
const TAKEN_IN_PART = /^\{"object":"call\.batch","lines":\d+,"created":[1-9]/;

/** A stream of `/query` begins before the account is asked: what that refuses is the stream's one event. */
const isRefusal = ({ status, text }: Answered): boolean =>
  (status >= 400 && !TAKEN_IN_PART.test(text)) || text.startsWith("event: error\n");

/** What of the reply is not documented, or must not be; null when all is well. */
function wrongIn(
  { operation }: Route,
  made: Attempt,
  caller: Caller,
  reply: Answered,
): string | null {
  const { status, headers, text } = reply;
  if (!headers.get("x-request-id") && status !== 101) return "x-request-id is missing";
  const unseen = caller.unseen.find((each) => text.includes(each));
  if (unseen !== undefined) return `it holds what somebody else said: ${unseen}`;
  if (caller.status !== undefined && status !== caller.status) return `it is not ${caller.status}`;
  if (caller.isRefused && !isRefusal(reply)) return "it should be refused";
  const documented = elsewhere(made, text) ?? operation.responses[status];
  if (!documented) return "the status is not documented";
  // Documented or not: here storage is there, and so is all else that it stands on.
  if (status >= 500) return `it is ${status}`;
  const type = headers.get("content-type")?.split(";")[0] ?? "";
  const content = documented.content ?? {};
  if (Object.keys(content).length === 0) return text === "" ? null : "a body is not documented";
  const schema = content[type]?.schema;
  if (!schema) return `the content type ${type} is not documented`;
  if (!/[/+]json$/.test(type)) return null;
  return problemIn(schema, JSON.parse(text), schemas);
}

/** An odd path may be none of this route. */
function elsewhere({ how }: Attempt, text: string) {
  const isNone = /"code":"(not_found|method_not_allowed)"/.test(text);
  const isOdd = how === "path" && isNone;
  const type = text.startsWith('{"error"') ? "application/json" : "application/problem+json";
  const name = text.startsWith('{"error"') ? "OpenAiProblem" : "Problem";
  return isOdd
    ? { content: { [type]: { schema: { $ref: `#/components/schemas/${name}` } } } }
    : undefined;
}

/** What the account's alarm writes, whatever is asked for meanwhile. */
const LATER = /^(account \["(directory|pending)"|daily_sizes )/;

/** A background response that a job of the queue has just answered, whatever is asked for meanwhile. */
const ANSWERED_LATER = /^turns .*\\+"background\\+":true/;

/**
 * What an account's object holds: a refused request leaves it as it was. But for a session that was archived: it may have
 * been brought back, to be looked at, before it was clear that the request is refused.
 */
class Store {
  readonly #account: string;
  #before: { rows: string[]; archived: number } | null = null;
  #written = 0;

  constructor(account: string) {
    this.#account = account;
  }

  /** Before a request. */
  async remember(): Promise<void> {
    if (this.#before !== null) return;
    this.#before = await this.#contents();
    this.#written = await this.#rowsWritten();
  }

  /** Whatever was done, it may have changed. */
  forget(): null {
    this.#before = null;
    return null;
  }

  /** @returns what a request changed that was refused */
  async changed(): Promise<string | null> {
    if ((await this.#rowsWritten()) === this.#written) return null;
    const [before, now] = [this.#before, await this.#contents()];
    this.forget();
    if (!before || now.archived < before.archived) return null;
    const known = new Set(before.rows);
    const fresh = now.rows.filter((row) => !known.has(row));
    if (fresh.length === 0 && now.rows.length === before.rows.length) return null;
    if (fresh.length === 1 && ANSWERED_LATER.test(fresh[0] ?? "")) return null;
    return `it was refused, and ${before.rows.length} rows became ${now.rows.length}: ${fresh.join(" ").slice(0, 500)}`;
  }

  async #rowsWritten(): Promise<number> {
    const rows = await accountRpc(objectOf(this.#account)).settings.rows();
    return rows.ok ? rows.value.written : 0;
  }

  #contents(): Promise<{ rows: string[]; archived: number }> {
    return runInDurableObject(objectOf(this.#account), (_, { storage: { sql } }) => {
      const tables = sql
        .exec<{ name: string }>("select name from sqlite_master where type = 'table'")
        .toArray()
        .map(({ name }) => name)
        .filter((name) => !/^(_cf|sqlite|turn_search)/.test(name));
      const rows = tables.flatMap((name) =>
        [...sql.exec(`select * from "${name}"`).raw()].map(
          (row) => `${name} ${JSON.stringify(row)}`,
        ),
      );
      const archived = sql
        .exec("select 1 from sessions where segment is not null")
        .toArray().length;
      return { rows: rows.filter((row) => !LATER.test(row)), archived };
    });
  }
}

function told(
  route: Route,
  made: Attempt,
  caller: Caller,
  reply: Answered,
  problem: string,
): string {
  const body =
    typeof made.body === "string" ? made.body : made.body && `bytes ${made.body.join(" ")}`;
  return [
    `${problem} (SEED=${seed})`,
    `${made.kind} ${made.how} by ${caller.kind}: ${route.method} ${made.url.slice(0, 600)}`,
    ...made.headers.map(([header, value]) => `${header}: ${value.slice(0, 60)}`),
    String(body?.slice(0, 1_000)),
    `→ ${reply.status} ${reply.headers.get("content-type")} ${reply.text.slice(0, 1_000)}`,
  ].join("\n");
}

/** What its requests may name, so that it has to be there. */
function namesIn({ path, operation }: Route): Set<string> {
  const { parameters, requestBody, security } = operation;
  const schema = JSON.stringify(requestBody ?? {});
  const body = /\/(\w+Body)/.exec(schema)?.[1];
  const fields = Object.keys(schemas[body ?? ""]?.["properties"] ?? {});
  const isAdmins = security[0]?.key[0] === "admin";
  const keeps = ["/purge", "/export", "/retention", "/search", "/users/{user_id}/export"];
  return new Set([
    ...parameters.map(({ name }) => name),
    ...fields,
    ...(isAdmins ? ["target"] : []),
    ...(keeps.includes(path) ? ["session_id"] : []),
  ]);
}

/** FNV-1a. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (const char of text) sum = Math.imul(sum ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return sum >>> 0;
}

declare module "vitest" {
  interface ProvidedContext {
    wire: { seed: number; cases: number };
  }
}
