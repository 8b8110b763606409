import { openChat } from "./chat-client.ts";
import { openConnection, readStream } from "./stream-client.ts";
import type { SeenStream } from "./stream-client.ts";

/** Something that streams. */
export interface Target {
  key: string;
  /** Connects. @returns asks for one stream, and reads it to the end */
  open: () => Promise<(asked: string) => Promise<SeenStream>>;
  /** Fewer rounds than the others have, as one takes long. */
  rounds?: number;
}

/** Of all stored streams. */
export const ACCOUNT = "streams";

export type Route = "chat" | "responses" | "query";
export const ROUTES: Route[] = ["chat", "responses", "query"];
export const NAMES: Record<Route, string> = {
  chat: "/v1/chat/completions",
  responses: "/v1/responses",
  query: "/query",
};

interface Sent {
  path: string;
  body: object;
}

const overHttp = (key: string, url: URL, request: (asked: string) => Sent): Target => ({
  key,
  open: async () => {
    const socket = await openConnection(url);
    return (asked) => {
      const { path, body } = request(asked);
      return readStream(socket, path, body);
    };
  },
});

export const floorTarget = (key: string, url: URL): Target =>
  overHttp(key, url, (query) => ({ path: "/query", body: { query } }));

/** A checkout's stored streams, by each route. */
export const productTargets = (name: string, url: URL): Target[] =>
  ROUTES.map((route) => overHttp(`${name} ${route}`, url, (asked) => requestOf(route, asked)));

let sessions = 0;

/** A stored stream of a session of its own. */
function requestOf(route: Route, asked: string): Sent {
  sessions += 1;
  const path = `${NAMES[route]}?account_id=${ACCOUNT}`;
  if (route === "query")
    return {
      path: "/query",
      body: { query: asked, accountId: ACCOUNT, session_id: `s${sessions}`, stream: true },
    };
  if (route === "responses") return { path, body: { input: asked, stream: true } };
  const messages = [{ role: "user", content: asked }];
  return { path, body: { model: "openai/fake", messages, stream: true, store: true } };
}

/** The Agents SDK's chat, by its own protocol: a conversation of its own for each stream. */
export const chatAgentTarget = (url: URL): Target => ({
  key: "AIChatAgent",
  rounds: 2,
  open: () => {
    sessions += 1;
    return openChat(new URL(`/agents/chat/c${sessions}`, url));
  },
});
