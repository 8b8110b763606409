import { Pool } from "pg";

import { instantReply, WINDOW } from "../reply.ts";
import { serve, where } from "./serve.ts";

/** The driver's pool of ten as it comes, named and so prepared statements, `synchronous_commit` on. */
const pool = new Pool({ connectionString: where() });
await pool.query(
  `create table messages (id bigint generated always as identity primary key, account_id text not null,
     session_id text not null, role text not null, content text not null, created_at timestamptz not null default now())`,
);
await pool.query("create index on messages (account_id, session_id, id)");

serve(
  async ({ accountId, session_id, query }) => {
    const { rows } = await pool.query({
      name: "last",
      text: "select role, content from messages where account_id = $1 and session_id = $2 order by id desc limit $3",
      values: [accountId, session_id, WINDOW],
    });
    const reply = instantReply(query, rows.length);
    await pool.query({
      name: "store",
      text: `insert into messages (account_id, session_id, role, content)
        values ($1, $2, 'user', $3), ($1, $2, 'assistant', $4)`,
      values: [accountId, session_id, query, reply],
    });
    return reply;
  },
  () => pool.end(),
);
