import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { RedisChatMessageHistory } from "@langchain/redis";
import { createClient } from "redis";

import { WINDOW } from "../question.ts";
import { serve, where } from "../servers/serve.ts";
import { model } from "./langchain-model.mjs";

const client = createClient({ url: where() });
await client.connect();

const historyOf = ({ accountId, session_id }) =>
  new RedisChatMessageHistory({ sessionId: `${accountId}:${session_id}`, client });

/** LangChain's history as it comes: it reads all of a session, and writes one message after the other. */
serve({
  async turn(asked) {
    const history = historyOf(asked);
    const question = new HumanMessage(asked.query);
    const seen = await history.getMessages();
    const answer = await model.invoke([...seen.slice(-WINDOW), question]);
    await history.addMessages([question, answer]);
    return answer.content;
  },
  write: (done) =>
    historyOf(done).addMessages([new HumanMessage(done.query), new AIMessage(done.response)]),
  close: () => client.disconnect(),
});
