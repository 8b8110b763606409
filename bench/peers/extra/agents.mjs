import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { AIChatAgent } from "@cloudflare/ai-chat";
import { routeAgentRequest } from "agents";
import { Lifecycle } from "agents/lifecycle";
import { Sessions } from "agents/sessions";
import { convertToModelMessages, generateText, streamText } from "ai";
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
import { Hono } from "hono";

import { exchange, question, WINDOW } from "../question.ts";

const message = (role, text) => ({
  id: crypto.randomUUID(),
  role,
  parts: [{ type: "text", text }],
});

const modelIn = (env) =>
  createOpenAICompatible({ name: "fake", baseURL: env.MODEL_URL }).chatModel("fake");

/** An account's sessions in one object, by the capability that the SDK stores messages with. */
export class SessionsDO extends DurableObject {
  sessions = new Sessions();
  lifecycle = Lifecycle.install(this).use(this.sessions);

  async onRequest(request) {
    const { session_id, query, response } = await request.json();
    const session = this.sessions.session(session_id);
    const reply = response ?? (await this.#answer(session, query));
    // Neither waits for the disk, so that they share a flush: the platform holds the reply back until then.
    await session.appendMessage(message("user", query));
    await session.appendMessage(message("assistant", reply));
    return new Response(reply);
  }

  async #answer(session, query) {
    const seen = [];
    // As its documentation advises for what is recent: older rows are not read.
    for await (const each of session.history({ newestFirst: true })) {
      seen.unshift(each);
      if (seen.length === WINDOW) break;
    }
    const messages = await convertToModelMessages([...seen, message("user", query)]);
    const { text } = await generateText({ model: modelIn(this.env), messages });
    return text;
  }
}

/** A conversation is an object, as the SDK has it. It streams, and stores what was streamed. */
export class ChatAgent extends AIChatAgent {
  async onRequest(request) {
    const { query, response } = await request.json();
    if (response !== undefined) {
      const more = [message("user", query), message("assistant", response)];
      await this.persistMessages([...this.messages, ...more]);
      return new Response(response);
    }
    await this.saveMessages((messages) => [...messages, message("user", query)]);
    return new Response(this.messages.at(-1).parts.find(({ type }) => type === "text").text);
  }

  async onChatMessage() {
    const messages = await convertToModelMessages(this.messages.slice(-WINDOW - 1));
    return streamText({ model: modelIn(this.env), messages }).toUIMessageStreamResponse();
  }
}

const appOf = (stubOf) => {
  const send = async (c, asked) => {
    const init = { method: "POST", body: JSON.stringify(asked) };
    return stubOf(c.env, asked).fetch("http://agent/", init);
  };
  return new Hono()
    .post("/query", async (c) => {
      const asked = question.parse(await c.req.json());
      const answer = await send(c, asked);
      if (!answer.ok) return answer;
      const response = await answer.text();
      return c.json({ success: true, response, session_id: asked.session_id });
    })
    .post("/write", async (c) => {
      const done = exchange.parse(await c.req.json());
      const answer = await send(c, done);
      if (!answer.ok) return answer;
      await answer.text();
      return c.json({ success: true, session_id: done.session_id });
    });
};

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

/** The way that the SDK's own clients take: a WebSocket a conversation. */
export class ChatSocket extends WorkerEntrypoint {
  async fetch(request) {
    return (await routeAgentRequest(request, this.env)) ?? new Response(null, { status: 404 });
  }
}

export default {};
