import { createClient } from "redis";

import { instantReply, WINDOW } from "../reply.ts";
import { serve, where } from "./serve.ts";

/** A list a session; the client pipelines what comes at once over its one connection. */
const redis = await createClient({ url: where() }).connect();

serve(
  async ({ accountId, session_id, query }) => {
    const key = `${accountId}:${session_id}`;
    const seen = await redis.lRange(key, -WINDOW, -1);
    const messages = seen.map((each) => JSON.parse(each) as { role: string; content: string });
    const reply = instantReply(query, messages.length);
    const at = Date.now();
    await redis.rPush(key, [
      JSON.stringify({ role: "user", content: query, at }),
      JSON.stringify({ role: "assistant", content: reply, at }),
    ]);
    return reply;
  },
  () => redis.destroy(),
);
