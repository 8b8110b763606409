import { createClient } from "redis";

import { WINDOW } from "../question.ts";
import type { Exchange } from "../question.ts";
import { ask } from "./ask.ts";
import type { StoredMessage } from "./ask.ts";
import { serve, where } from "./serve.ts";

/** A list a session; the client pipelines what comes at once over its one connection. */
const redis = await createClient({ url: where() }).connect();

const write = ({ accountId, session_id, query, response }: Exchange) => {
  const at = Date.now();
  return redis.rPush(`${accountId}:${session_id}`, [
    JSON.stringify({ role: "user", content: query, at }),
    JSON.stringify({ role: "assistant", content: response, at }),
  ]);
};

serve({
  async turn(asked) {
    const { accountId, session_id, query } = asked;
    const seen = await redis.lRange(`${accountId}:${session_id}`, -WINDOW, -1);
    const messages = seen.map((each) => {
      const { role, content } = JSON.parse(each) as StoredMessage;
      return { role, content };
    });
    const response = await ask(messages, query);
    await write({ ...asked, response });
    return response;
  },
  write,
  close: () => redis.destroy(),
});
