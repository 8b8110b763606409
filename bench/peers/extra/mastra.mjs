import { Agent } from "@mastra/core/agent";
import { LibSQLStore } from "@mastra/libsql";
import { Memory } from "@mastra/memory";

import { WINDOW } from "../question.ts";
import { modelUrl, serve, where } from "../servers/serve.ts";

const storage = new LibSQLStore({ id: "peer", url: `file:${where()}` });
const memory = new Memory({ storage, options: { lastMessages: WINDOW } });
const agent = new Agent({
  id: "peer",
  name: "peer",
  instructions: "Answer.",
  model: { id: "openai-compatible/fake", url: modelUrl(), apiKey: "none" },
  memory,
});

const message = (role, text, { accountId, session_id }) => ({
  id: crypto.randomUUID(),
  role,
  createdAt: new Date(),
  threadId: session_id,
  resourceId: accountId,
  content: { format: 2, parts: [{ type: "text", text }] },
});

/** An agent with a memory, and libSQL in a file, as both come: commits are not flushed one by one. */
serve({
  async turn({ accountId, session_id, query }) {
    const { text } = await agent.generate(query, {
      memory: { thread: session_id, resource: accountId },
    });
    return text;
  },
  async write(done) {
    const { accountId: resourceId, session_id: threadId } = done;
    if (!(await memory.getThreadById({ threadId })))
      await memory.createThread({ threadId, resourceId, saveThread: true });
    await memory.saveMessages({
      messages: [message("user", done.query, done), message("assistant", done.response, done)],
    });
  },
  close: () => storage.close?.(),
});
