import { AIChatAgent } from "@cloudflare/ai-chat";
import { Lifecycle } from "agents/lifecycle";
import { Sessions } from "agents/sessions";
import { createUIMessageStream, createUIMessageStreamResponse } from "ai";
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
import { Hono } from "hono";

import { instantReply, question, WINDOW } from "../reply.ts";

const message = (role, text) => ({
  id: crypto.randomUUID(),
  role,
  parts: [{ type: "text", text }],
});

/** An account's sessions in one object, by the capability that the SDK stores messages with. */
export class SessionsDO extends DurableObject {
  sessions = new Sessions();
  lifecycle = Lifecycle.install(this).use(this.sessions);

  async onRequest(request) {
    const { session_id, query } = await request.json();
    const session = this.sessions.session(session_id);
    const seen = [];
    // As its documentation advises for what is recent: older rows are not read.
    for await (const each of session.history({ newestFirst: true })) {
      seen.push(each);
      if (seen.length === WINDOW) break;
    }
    const reply = instantReply(query, seen.length);
    // Neither waits for the disk, so that they share a flush: the platform holds the reply back until then.
    await session.appendMessage(message("user", query));
    await session.appendMessage(message("assistant", reply));
    return new Response(reply);
  }
}

/** A conversation is an object, as the SDK has it. It streams, and stores what was streamed. */
export class ChatAgent extends AIChatAgent {
  async onRequest(request) {
    const { query } = await request.json();
    await this.saveMessages((messages) => [...messages, message("user", query)]);
    return new Response(this.messages.at(-1).parts.find(({ type }) => type === "text").text);
  }

  onChatMessage() {
    const shown = this.messages.slice(-WINDOW - 1);
    const [{ text: query }] = shown.at(-1).parts;
    const delta = instantReply(query, shown.length - 1);
    const stream = createUIMessageStream({
      execute({ writer }) {
        writer.write({ type: "text-start", id: "text" });
        writer.write({ type: "text-delta", id: "text", delta });
        writer.write({ type: "text-end", id: "text" });
      },
    });
    return createUIMessageStreamResponse({ stream });
  }
}

const appOf = (stubOf) =>
  new Hono().post("/query", async (c) => {
    const asked = question.parse(await c.req.json());
    const init = { method: "POST", body: JSON.stringify(asked) };
    const answer = await stubOf(c.env, asked).fetch("http://agent/", init);
    if (!answer.ok) return answer;
    const response = await answer.text();
    return c.json({ success: true, response, session_id: asked.session_id });
  });

const sessions = appOf((env, { accountId }) => env.SESSIONS.getByName(accountId));
const chat = appOf((env, { accountId, session_id }) =>
  env.CHAT.getByName(`${accountId}.${session_id}`),
);

export class AgentSessions extends WorkerEntrypoint {
  fetch(request) {
    return sessions.fetch(request, this.env, this.ctx);
  }
}

export class Chat extends WorkerEntrypoint {
  fetch(request) {
    return chat.fetch(request, this.env, this.ctx);
  }
}

export default {};
