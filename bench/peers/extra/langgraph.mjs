import { DatabaseSync } from "node:sqlite";

import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { END, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";

import { instantReply, WINDOW } from "../reply.ts";
import { serve, where } from "../servers/serve.ts";

/**
 * What SqliteSaver calls of better-sqlite3, which would have to be compiled for each Node: the same statements on the
 * SQLite that Node brings.
 */
class Database extends DatabaseSync {
  prepare(sql) {
    const statement = super.prepare(sql);
    const call =
      (name) =>
      (...values) =>
        statement[name](...values.map((value) => value ?? null));
    return { get: call("get"), all: call("all"), run: call("run") };
  }

  pragma(text) {
    this.exec(`pragma ${text}`);
  }

  transaction(work) {
    return (...args) => {
      this.exec("begin");
      try {
        const result = work(...args);
        this.exec("commit");
        return result;
      } catch (error) {
        this.exec("rollback");
        throw error;
      }
    };
  }
}

const db = new Database(where());
const checkpointer = new SqliteSaver(db);
checkpointer.setup();
db.exec("pragma synchronous = full");

/** A graph of one node, and a checkpoint of the whole conversation after each step, as it comes. */
const graph = new StateGraph(MessagesAnnotation)
  .addNode("model", ({ messages }) => {
    const seen = messages.slice(-WINDOW - 1, -1).length;
    return { messages: [new AIMessage(instantReply(messages.at(-1).content, seen))] };
  })
  .addEdge(START, "model")
  .addEdge("model", END)
  .compile({ checkpointer });

serve(
  async ({ accountId, session_id, query }) => {
    const configurable = { thread_id: `${accountId}:${session_id}` };
    const { messages } = await graph.invoke(
      { messages: [new HumanMessage(query)] },
      { configurable },
    );
    return messages.at(-1).content;
  },
  () => db.close(),
);
