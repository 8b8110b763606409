import {
  createExecutionContext,
  runDurableObjectAlarm,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env } from "cloudflare:workers";

import { OPERATIONS } from "../../src/directory/account-directory-do.ts";
import { callDirectory } from "../../src/directory/directory-client.ts";
import { signKey } from "../../src/http/auth/sign-key.ts";
import { SCOPES } from "../../src/shared/scopes.ts";
import type { Scope } from "../../src/shared/scopes.ts";
import { app } from "../support/app.ts";
import { freshAccount, objectOf } from "../support/client.ts";
import { LOCKED, ROOT_KEY } from "../support/keys.ts";
import { accountRpc } from "../../src/account/account-client.ts";

/** Said in another account. */
export const CANARY = "canary4711";
/** Said by another user of the same account. */
export const OF_BOB = "secret of bob";

export const VARS = {
  ...env,
  ...LOCKED,
  ARCHIVE_KEY: Buffer.alloc(32, 7).toString("base64"),
  TWILIO_ACCOUNT_SID: "AC1",
  TWILIO_AUTH_TOKEN: "twilio-token",
  TWILIO_WHATSAPP_NUMBER: "+14155238886",
  TWILIO_BASE_URL: "http://127.0.0.1:1",
  PUBLIC_URL: "https://bot.example.com",
};

const DEAD_LETTERS = 20;
const USUAL = ["query", "read", "manage"] as const;
const REVOKED = {
  id: "key_revoked.000000000000000000",
  name: null,
  scopes: [...USUAL],
  created_at: 0,
  expires_at: null,
  revoked_at: null,
  user_id: null,
  grants: null,
};

export interface Answered {
  status: number;
  headers: Headers;
  text: string;
}

/** What the app answers. */
export async function answerTo(request: Request): Promise<Answered> {
  const context = createExecutionContext();
  const response = await app.fetch(request, VARS, context);
  response.webSocket?.accept();
  response.webSocket?.close();
  const bytes = response.webSocket ? new Uint8Array() : await response.arrayBuffer();
  await waitOnExecutionContext(context);
  const text = new TextDecoder().decode(bytes);
  return { status: response.status, headers: response.headers, text };
}

/** The world is made by whoever has this key. */
const as =
  (key: string) =>
  // oxlint-disable-next-line typescript/no-explicit-any -- what a client gets is JSON
  async (method: string, path: string, body?: unknown): Promise<any> => {
    const { status, headers, text } = await answerTo(
      new Request(new URL(path, "http://colloquy.test"), {
        method,
        headers: { authorization: `Bearer ${key}` },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      }),
    );
    if (status >= 400) throw new Error(`${method} ${path}: ${text}`);
    return headers.get("content-type") === "application/json" ? JSON.parse(text) : { lines: text };
  };

/** Jobs of an account that were given up: some for each try. */
async function deadLettersOf(account_id: string): Promise<string[]> {
  const letters = Array.from({ length: DEAD_LETTERS }, (_, now) => ({
    job: JSON.stringify({ type: "sweep", account_id, now }),
    type: "sweep",
    account_id,
    user_id: null,
    request_id: null,
    reason: null,
  }));
  await callDirectory(env, OPERATIONS, (each) => each.noteDeadJobs(letters, Date.now()));
  const page = { after: null, limit: DEAD_LETTERS };
  const noted = await callDirectory(env, OPERATIONS, (each) => each.deadLetters(page));
  return noted.map(({ id }) => `dead_${id}`);
}

/** What whoever calls is, and is called. */
export interface Caller {
  kind: string;
  authorization: string | null;
  /** What it can never be answered with but this. */
  status?: 401;
  /** Whether anything that it asks for has to be refused. */
  isRefused: boolean;
  /** Names this account in the query string. */
  names?: string;
  /** What is in no reply to it. */
  unseen: string[];
}

/** Two accounts, what is in them, and all kinds of callers of the first. */
export class World {
  readonly account = freshAccount();
  readonly foreign = freshAccount();
  /** That admins do things to. */
  readonly target = freshAccount();
  meaning: Record<string, readonly unknown[]> = {};

  /** @param names - of what the requests will name: no more than that is there */
  static async make(names: ReadonlySet<string>): Promise<World> {
    const world = new World();
    await world.#fill(names);
    return world;
  }

  /** A key is good by its signature: nobody has to issue it. */
  keyFor(scopes: readonly Scope[], account = this.account, more: object = {}): string {
    return signKey(ROOT_KEY, {
      id: `key_${account}.${scopes.join("-")}`,
      account_id: account,
      scopes: [...scopes],
      issued_at: 1,
      expires_at: null,
      user_id: null,
      ...more,
    });
  }

  async #fill(names: ReadonlySet<string>) {
    const by = (account: string) => as(this.keyFor(USUAL, account));
    const own = by(this.account);
    const [stub, target] = [objectOf(this.account), by(this.target)];
    await accountRpc(stub).settings.addKey(REVOKED);
    await accountRpc(stub).settings.revokeKey(REVOKED.id, 1);
    await by(this.foreign)("POST", "/query", {
      query: `My name is ${CANARY}`,
      session_id: "s0",
      user_id: "ann",
      metadata: { topic: CANARY },
    });
    await own("POST", "/query", { query: `It is ${OF_BOB}`, session_id: "bobs", user_id: "bob" });
    const ask = (session_id: string) =>
      own("POST", "/query", { query: `Hi, ${session_id}`, session_id, user_id: "ann" });
    const { call_id } = await ask("s0");
    this.meaning = {
      session_id: ["s0"],
      user_id: ["ann", "bob"],
      accountId: [this.account],
      account_id: [this.account],
      call_id: [call_id],
      assistant: ["default", "customer"],
      name: ["default", "UNIFIED_CONVERSATION_ENABLED", "local"],
      model: ["local"],
      q: ["name", "Hi s0"],
    };
    const add = async (name: string, make: () => Promise<unknown[]>) => {
      if (names.has(name)) this.meaning[name] = await make();
    };
    await add("session_id", async () => {
      for (const id of ["s1", "s2", "s3", "old", "gone"]) await ask(id);
      await own("POST", "/sessions/old/archive");
      await own("DELETE", "/sessions/gone");
      return ["s0", "s1", "s2", "s3", "old", "gone", "none", "new"];
    });
    if (names.has("session_ids")) await own("POST", "/sessions/s0/archive");
    this.meaning["session_ids"] = this.meaning["session_id"] ?? [];
    await add("call_id", async () => [
      call_id,
      (await own("POST", "/calls", { request: {} })).call_id,
    ]);
    await add("fact_id", async () =>
      Promise.all(
        ["Likes tea", "Likes coffee"].map(
          async (text) => (await own("POST", "/users/ann/facts", { text })).fact_id,
        ),
      ),
    );
    await add("backup_id", async () => [(await own("POST", "/backups")).backup_id]);
    await add("response_id", async () => [
      (await own("POST", "/v1/responses", { input: "Hi" })).id,
      (await own("POST", "/v1/responses", { input: "Hi", background: true })).id,
    ]);
    this.meaning["previous_response_id"] = this.meaning["response_id"] ?? [];
    await add("completion_id", async () => {
      const messages = [{ role: "user", content: "Hi" }];
      return [(await own("POST", "/v1/chat/completions", { messages, store: true })).id];
    });
    await add("conversation_id", async () => {
      const items = [1, 2, 3].map((n) => ({ type: "message", role: "user", content: `${n}` }));
      const { id } = await own("POST", "/v1/conversations", { items });
      const { data } = await own("GET", `/v1/conversations/${id}/items`);
      this.meaning["item_id"] = data.map((item: { id: string }) => item.id);
      return [id];
    });
    this.meaning["conversation"] = this.meaning["conversation_id"] ?? [];
    await add("dead_letter_id", () => deadLettersOf(this.target));
    await add("import_id", async () => {
      const { lines } = await own("GET", "/users/ann/export");
      const moved = lines.replaceAll('"s0"', '"s9"');
      this.meaning["lines"] = [moved, lines, `${moved}{"type":"turn"}\n`];
      return [(await own("POST", "/import", lines.replaceAll('"s0"', '"s8"'))).import_id];
    });
    if (!names.has("target")) return;
    await target("POST", "/query", { query: "Hi", session_id: "s0" });
    // The directory is told of it.
    await runDurableObjectAlarm(objectOf(this.target));
    const admin = as(ROOT_KEY);
    await admin("PUT", `/admin/accounts/${this.target}/assistants/default`, { cache: false });
    const keyWith = async (scope: Scope): Promise<unknown> =>
      (await admin("POST", "/admin/keys", { account_id: this.target, scopes: [scope] }))["id"];
    this.meaning["key_id"] = [await keyWith("read"), await keyWith("admin")];
  }

  /** What a path names that only admins get to: nothing that the other callers stand on. */
  get ofAdmins(): Record<string, readonly unknown[]> {
    return { ...this.meaning, account_id: [this.target] };
  }

  /** Mostly whoever may, and now and then everybody else. @param scope - what the operation needs; null: nothing */
  callers(scope: Scope | null): Caller[] {
    const bearer = (...key: Parameters<World["keyFor"]>) => `Bearer ${this.keyFor(...key)}`;
    const good = { isRefused: false, unseen: scope === "admin" ? [] : [CANARY] };
    const bad = { isRefused: scope !== null, unseen: [CANARY, OF_BOB] };
    const outside = { ...bad, ...(scope !== null && { status: 401 as const }) };
    const right: Caller = { kind: "right", authorization: bearer([scope ?? "read"]), ...good };
    const root: Caller = {
      kind: "root",
      authorization: `Bearer ${ROOT_KEY}`,
      ...good,
      ...(scope !== "admin" && { names: this.account }),
    };
    return [
      ...Array.from({ length: 24 }, () => right),
      // Of what admins may do, some only the root key may.
      ...Array.from({ length: scope === "admin" ? 8 : 1 }, () => root),
      ...(scope === "admin" || scope === null
        ? []
        : [
            {
              kind: "user",
              authorization: bearer(USUAL, this.account, { user_id: "ann" }),
              ...good,
              unseen: [CANARY, OF_BOB],
            },
            {
              kind: "another account",
              authorization: bearer([scope]),
              ...bad,
              names: this.foreign,
            },
          ]),
      ...SCOPES.filter((each) => each !== scope).map((each) => ({
        kind: `scope ${each}`,
        authorization: bearer([each]),
        ...bad,
      })),
      { kind: "revoked", authorization: bearer(USUAL, this.account, { id: REVOKED.id }), ...bad },
      { kind: "nobody", authorization: null, ...outside },
      {
        kind: "expired",
        authorization: bearer(SCOPES, this.account, { expires_at: 2 }),
        ...outside,
      },
      ...[
        "Bearer nonsense",
        "Bearer clq_",
        "Basic YTpi",
        `Bearer ${"x".repeat(9_000)}`,
        "Bearer",
      ].map((authorization) => ({ kind: "malformed", authorization, ...outside })),
    ] as Caller[];
  }
}
