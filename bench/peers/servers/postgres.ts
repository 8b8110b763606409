import { Pool } from "pg";

import { WINDOW } from "../question.ts";
import type { Exchange } from "../question.ts";
import { ask } from "./ask.ts";
import type { StoredMessage } from "./ask.ts";
import { serve, where } from "./serve.ts";

/** The driver's pool of ten as it comes, named and so prepared statements, `synchronous_commit` on. */
const pool = new Pool({ connectionString: where() });
await pool.query(
  `create table messages (id bigint generated always as identity primary key, account_id text not null,
     session_id text not null, role text not null, content text not null, created_at timestamptz not null default now())`,
);
await pool.query("create index on messages (account_id, session_id, id)");

const write = ({ accountId, session_id, query, response }: Exchange) =>
  pool.query({
    name: "store",
    text: `insert into messages (account_id, session_id, role, content)
      values ($1, $2, 'user', $3), ($1, $2, 'assistant', $4)`,
    values: [accountId, session_id, query, response],
  });

serve({
  async turn(asked) {
    const { accountId, session_id, query } = asked;
    const { rows } = await pool.query<StoredMessage>({
      name: "last",
      text: "select role, content from messages where account_id = $1 and session_id = $2 order by id desc limit $3",
      values: [accountId, session_id, WINDOW],
    });
    const response = await ask(rows.toReversed(), query);
    await write({ ...asked, response });
    return response;
  },
  write,
  close: () => pool.end(),
});
