import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { END, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";

import { WINDOW } from "../question.ts";
import { serve } from "../servers/serve.ts";
import { model } from "./langchain-model.mjs";

const configOf = ({ accountId, session_id }) => ({
  configurable: { thread_id: `${accountId}:${session_id}` },
});

/** A graph of one node, and a checkpoint of the whole conversation after each step, as it comes. */
export function serveGraph(checkpointer, close) {
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("model", async ({ messages }) => ({
      messages: [await model.invoke(messages.slice(-WINDOW - 1))],
    }))
    .addEdge(START, "model")
    .addEdge("model", END)
    .compile({ checkpointer });
  serve({
    async turn(asked) {
      const { messages } = await graph.invoke(
        { messages: [new HumanMessage(asked.query)] },
        configOf(asked),
      );
      return messages.at(-1).content;
    },
    // Its own way to store what was said elsewhere: as if the node had returned it.
    write: (done) =>
      graph.updateState(
        configOf(done),
        { messages: [new HumanMessage(done.query), new AIMessage(done.response)] },
        "model",
      ),
    close,
  });
}
