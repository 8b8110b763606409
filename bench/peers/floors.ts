import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";

import { Hono } from "hono";

import { instantReply } from "../model-server/instant-reply.ts";
import { exchange, question } from "./question.ts";
import type { Exchange, Question } from "./question.ts";

interface FloorsEnv {
  BARE: DurableObjectNamespace<BareDO>;
  MODEL_URL: string;
}

/** An object that does nothing, or the least that storing a turn takes. */
export class BareDO extends DurableObject<FloorsEnv> {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: FloorsEnv) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(
      "create table if not exists turns (id integer primary key, session_id text not null, input text not null, output text not null)",
    );
  }

  answer({ query }: Question): string {
    return instantReply(query, 0);
  }

  insert(asked: Question): string {
    return this.write({ ...asked, response: this.answer(asked) });
  }

  ignore({ response }: Exchange): string {
    return response;
  }

  write({ session_id, query, response }: Exchange): string {
    this.#sql.exec(
      "insert into turns (session_id, input, output) values (?, ?, ?)",
      session_id,
      query,
      response,
    );
    return response;
  }
}

type App = { Bindings: FloorsEnv };
interface Calls {
  turn: "answer" | "insert";
  write: "ignore" | "write";
}

const appOf = ({ turn, write }: Calls) =>
  new Hono<App>()
    .post("/query", async (c) => {
      const asked = question.parse(await c.req.json());
      const response = await c.env.BARE.getByName(asked.accountId)[turn](asked);
      return c.json({ success: true, response, session_id: asked.session_id });
    })
    .post("/write", async (c) => {
      const done = exchange.parse(await c.req.json());
      await c.env.BARE.getByName(done.accountId)[write](done);
      return c.json({ success: true, session_id: done.session_id });
    });

const floor = appOf({ turn: "answer", write: "ignore" });
const insert = appOf({ turn: "insert", write: "write" });

/** A POST, its JSON through zod, one RPC, a reply: what no Worker with an object comes below. */
export class Floor extends WorkerEntrypoint<FloorsEnv> {
  override fetch(request: Request): Response | Promise<Response> {
    return floor.fetch(request, this.env, this.ctx);
  }
}

/** The same, and the object inserts one row: no context is read, and no model asked. */
export class Insert extends WorkerEntrypoint<FloorsEnv> {
  override fetch(request: Request): Response | Promise<Response> {
    return insert.fetch(request, this.env, this.ctx);
  }
}

interface Completion {
  choices: { message: { content: string } }[];
}

const ask = new Hono<App>().post("/query", async (c) => {
  const { query, session_id } = question.parse(await c.req.json());
  const reply = await fetch(`${c.env.MODEL_URL}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "fake", messages: [{ role: "user", content: query }] }),
  });
  const { choices } = await reply.json<Completion>();
  return c.json({ success: true, response: choices[0]?.message.content, session_id });
});

/** A Worker that asks the model by a plain fetch, and stores nothing. */
export class Ask extends WorkerEntrypoint<FloorsEnv> {
  override fetch(request: Request): Response | Promise<Response> {
    return ask.fetch(request, this.env, this.ctx);
  }
}

export default {};
