import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";

import type { ConversationDO } from "../../src/account/conversation-do.ts";
import { app } from "./app.ts";

export const DAY = 24 * 60 * 60 * 1_000;

let accounts = 0;
/** An account that no other test has. */
export function freshAccount(): string {
  accounts += 1;
  return `account-${crypto.randomUUID().slice(0, 8)}-${accounts}`;
}

export const objectOf = (accountId: string): DurableObjectStub<ConversationDO> =>
  env.CONVERSATIONS.getByName(accountId);

export interface Answer {
  status: number;
  headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- what a client gets is JSON
  body: any;
}

interface Call {
  /** The development clock's time. */
  at?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

const NO_VARS = {};
/** By the vars: an isolate has one environment. It reads settings once, and flags once in some seconds. */
const environments = new WeakMap<object, Env>();

function environmentOf(vars: object): Env {
  const made = environments.get(vars) ?? { ...env, ...vars };
  environments.set(vars, made);
  return made;
}

/** One account's HTTP client: the app as deployed, with settings of the test's own. */
export class Client {
  readonly account: string;
  readonly #vars: object;
  readonly #key: string | undefined;

  /**
   * @param vars - its requests and those of other clients with the same object are served by one isolate
   * @param key - goes along as the Bearer of each request, which then names no account itself
   */
  constructor(vars: object = NO_VARS, account = freshAccount(), key?: string) {
    this.account = account;
    this.#vars = vars;
    this.#key = key;
  }

  /** Another caller of the same account's app. */
  as(key: string): Client {
    return new Client(this.#vars, this.account, key);
  }

  get object(): DurableObjectStub<ConversationDO> {
    return objectOf(this.account);
  }

  async fetch(
    method: string,
    path: string,
    { at, headers = {}, body }: Call = {},
  ): Promise<Response> {
    if (at !== undefined && "DEV_CLOCK" in this.#vars && this.#vars.DEV_CLOCK === "off")
      throw new Error("This client has no development clock: use setClock().");
    const url = new URL(path, "http://colloquy.test");
    if (url.pathname !== "/health" && this.#key === undefined) {
      url.searchParams.append("accountId", this.account);
    }
    const context = createExecutionContext();
    const response = await app.fetch(
      new Request(url, {
        method,
        headers: {
          ...(at !== undefined && { "x-dev-now": String(at) }),
          ...(this.#key !== undefined && { authorization: `Bearer ${this.#key}` }),
          ...headers,
        },
        ...(body !== undefined && {
          body:
            typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
        }),
      }),
      environmentOf(this.#vars),
      context,
    );
    // Not awaited for streams: their work ends with their reading.
    if (!response.headers.get("content-type")?.startsWith("text/event-stream")) {
      await waitOnExecutionContext(context);
    }
    return response;
  }

  async call(method: string, path: string, call: Call = {}): Promise<Answer> {
    const response = await this.fetch(method, path, call);
    return { status: response.status, headers: response.headers, body: await response.json() };
  }

  get = (path: string, call?: Call): Promise<Answer> => this.call("GET", path, call);
  post = (path: string, call?: Call): Promise<Answer> => this.call("POST", path, call);

  ask(query: string, more: object = {}, call: Call = {}): Promise<Answer> {
    return this.post("/query", { ...call, body: { query, ...more } });
  }
}
