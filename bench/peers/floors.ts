import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";

import { Hono } from "hono";

import { instantReply, question } from "./reply.ts";
import type { Question } from "./reply.ts";

interface FloorsEnv {
  BARE: DurableObjectNamespace<BareDO>;
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
    const reply = this.answer(asked);
    const { session_id, query } = asked;
    this.#sql.exec(
      "insert into turns (session_id, input, output) values (?, ?, ?)",
      session_id,
      query,
      reply,
    );
    return reply;
  }
}

const appOf = (call: "answer" | "insert") =>
  new Hono<{ Bindings: FloorsEnv }>().post("/query", async (c) => {
    const asked = question.parse(await c.req.json());
    const response = await c.env.BARE.getByName(asked.accountId)[call](asked);
    return c.json({ success: true, response, session_id: asked.session_id });
  });

const floor = appOf("answer");
const insert = appOf("insert");

/** A POST, its JSON through zod, one RPC, a reply: what no Worker with an object comes below. */
export class Floor extends WorkerEntrypoint<FloorsEnv> {
  override fetch(request: Request): Response | Promise<Response> {
    return floor.fetch(request, this.env, this.ctx);
  }
}

/** The same, and the object inserts one row: no context is read. */
export class Insert extends WorkerEntrypoint<FloorsEnv> {
  override fetch(request: Request): Response | Promise<Response> {
    return insert.fetch(request, this.env, this.ctx);
  }
}

export default {};
