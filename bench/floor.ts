import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";

import { Hono } from "hono";

interface Message {
  query: string;
  session_id: string;
}

interface FloorEnv {
  FLOOR: DurableObjectNamespace<FloorDO>;
}

/** The least that storing a message takes: one row by one RPC. */
export class FloorDO extends DurableObject<FloorEnv> {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: FloorEnv) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(
      "create table if not exists messages (id integer primary key, session_id text not null, content text not null)",
    );
  }

  add(sessionId: string, content: string): void {
    this.#sql.exec("insert into messages (session_id, content) values (?, ?)", sessionId, content);
  }
}

type App = Hono<{ Bindings: FloorEnv }>;

const app: App = new Hono<{ Bindings: FloorEnv }>().post("/query", async (c) => {
  const { query, session_id } = await c.req.json<Message>();
  await c.env.FLOOR.getByName("floor").add(session_id, query);
  return c.json({ success: true, session_id });
});

/** A bare Hono POST in front of a bare object: what the product is held against. */
export class Floor extends WorkerEntrypoint<FloorEnv> {
  override fetch(request: Request): Response | Promise<Response> {
    return app.fetch(request, this.env, this.ctx);
  }
}
