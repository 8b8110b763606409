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

  last(count: number): string[] {
    const rows = this.#sql.exec<{ content: string }>(
      "select content from messages order by id desc limit ?",
      count,
    );
    return rows.toArray().map(({ content }) => content);
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

/** The same with a look at the last messages first, in an RPC of its own: a model has to see them before it answers. */
const twoCalls: App = new Hono<{ Bindings: FloorEnv }>().post("/query", async (c) => {
  const { query, session_id } = await c.req.json<Message>();
  const floor = c.env.FLOOR.getByName("floor");
  const seen = await floor.last(5);
  await floor.add(session_id, query);
  return c.json({ success: true, session_id, seen: seen.length });
});

/** A bare Hono POST in front of a bare object: what the product is held against. */
export class Floor extends WorkerEntrypoint<FloorEnv> {
  override fetch(request: Request): Response | Promise<Response> {
    return app.fetch(request, this.env, this.ctx);
  }
}

export class TwoCallFloor extends WorkerEntrypoint<FloorEnv> {
  override fetch(request: Request): Response | Promise<Response> {
    return twoCalls.fetch(request, this.env, this.ctx);
  }
}
