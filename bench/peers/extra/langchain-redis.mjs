import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { RedisChatMessageHistory } from "@langchain/redis";
import { createClient } from "redis";

import { instantReply, WINDOW } from "../reply.ts";
import { serve, where } from "../servers/serve.ts";

const client = createClient({ url: where() });
await client.connect();

/** LangChain's history as it comes: it reads all of a session, and writes one message after the other. */
serve(
  async ({ accountId, session_id, query }) => {
    const history = new RedisChatMessageHistory({
      sessionId: `${accountId}:${session_id}`,
      client,
    });
    const messages = await history.getMessages();
    const reply = instantReply(query, messages.slice(-WINDOW).length);
    await history.addMessages([new HumanMessage(query), new AIMessage(reply)]);
    return reply;
  },
  () => client.disconnect(),
);
