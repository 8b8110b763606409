import { DatabaseSync } from "node:sqlite";

import { WINDOW } from "../question.ts";
import type { Exchange } from "../question.ts";
import { ask } from "./ask.ts";
import type { StoredMessage } from "./ask.ts";
import { serve, where } from "./serve.ts";

/** One process, one file, as `node:sqlite` comes: WAL, and each commit is flushed before it is answered. */
const db = new DatabaseSync(where());
db.exec(`pragma journal_mode = wal; pragma synchronous = full;
  create table messages (id integer primary key, account_id text not null, session_id text not null,
    role text not null, content text not null, created_at integer not null);
  create index messages_of_session on messages (account_id, session_id, id);`);
const last = db.prepare(
  "select role, content from messages where account_id = ? and session_id = ? order by id desc limit ?",
);
// Both in one statement, and so in one commit.
const store = db.prepare(
  `insert into messages (account_id, session_id, role, content, created_at)
   values (?1, ?2, 'user', ?3, ?5), (?1, ?2, 'assistant', ?4, ?5)`,
);

const write = ({ accountId, session_id, query, response }: Exchange): void => {
  store.run(accountId, session_id, query, response, Date.now());
};

serve({
  async turn(asked) {
    const { accountId, session_id, query } = asked;
    const seen = last.all(accountId, session_id, WINDOW) as unknown as StoredMessage[];
    const response = await ask(seen.toReversed(), query);
    write({ ...asked, response });
    return response;
  },
  write,
  close: () => db.close(),
});
