import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { TestProject } from "vitest/node";

/**
 * An OpenAI-compatible server on loopback, for what is across the internet in production. The model's name says how it
 * behaves: `echo` repeats the last message, `fail` answers 500, `flaky` fails every other time, `hang` never answers,
 * `record` answers with the messages that it got, `raw` with the whole body, `judge` blocks bombs, `slots` answers with what the last message has between << and >>, `count` with their number, `drip` streams a word every 100 ms, `break` streams a word and drops the connection.
 * `told` answers as the JSON between << and >> in the last message says: fields of the message, `finish_reason` and `usage`.
 * `tools` calls the first tool, or all of them where it is asked for "all", for Paris, and says what a tool said; `reason` thinks first; `length` is cut off; `json` answers in JSON.
 * `refuse` answers with a refusal, `empty` with nothing; `status-429` answers with that status and says so in OpenAI's form.
 */
export default async function setup(project: TestProject): Promise<() => void> {
  let requests = 0;
  const issuer = makeIssuer();
  const server = createServer((request, response) => {
    let body = "";
    if (request.url?.endsWith("/jwks.json")) {
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify(issuer.jwks));
      return;
    }
    // A letter of several bytes may come in two chunks.
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      requests += 1;
      const { model, messages, stream, ...rest } = JSON.parse(body) as Asked;
      if (model === "hang") return;
      if (model === "fail" || (model === "flaky" && requests % 2 === 1)) {
        response.writeHead(500).end("{}");
        return;
      }
      const [, refusedWith] = /^status-(\d{3})$/.exec(model) ?? [];
      if (refusedWith !== undefined) {
        const error = {
          message: "The provider takes no such request with the key test-key.",
          type: "invalid_request_error",
          param: null,
          code: "context_length_exceeded",
        };
        response
          .writeHead(Number(refusedWith), {
            "content-type": "application/json",
            "retry-after": "7",
          })
          .end(JSON.stringify({ error }));
        return;
      }
      const told = model === "told" ? toldIn(messages) : null;
      const text = told ? told.content : answerOf(model, messages, body);
      const thought = told?.reasoning_content ?? (model === "reason" ? "Let me think." : null);
      const calls = told?.tool_calls ?? (model === "tools" ? callsOf(messages, rest) : []);
      const finish_reason =
        told?.finish_reason ??
        (calls.length > 0 ? "tool_calls" : model === "length" ? "length" : "stop");
      const usage = told?.usage ?? {
        prompt_tokens: 7,
        completion_tokens: 3,
        total_tokens: 10,
        ...(thought !== null && {
          prompt_tokens_details: { cached_tokens: 2 },
          completion_tokens_details: { reasoning_tokens: 1 },
        }),
      };
      if (!stream) {
        const message = {
          role: "assistant",
          content: (calls.length > 0 && !told) || model === "refuse" ? null : text,
          ...(model === "refuse" && { refusal: text }),
          ...(thought !== null && { reasoning_content: thought }),
          ...(calls.length > 0 && { tool_calls: calls }),
        };
        const reply = {
          id: "1",
          object: "chat.completion",
          created: 1,
          model,
          usage,
          choices: [{ index: 0, message, finish_reason }],
        };
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(reply));
        return;
      }
      response.writeHead(200, { "content-type": "text/event-stream" });
      const chunk = (delta: object, more: object = {}) =>
        response.write(
          `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", created: 1, model, choices: [{ index: 0, delta, ...more }] })}\n\n`,
        );
      if (thought !== null) chunk({ reasoning_content: thought });
      for (const [index, { id, type, function: called }] of calls.entries()) {
        const piece = (more: object) => chunk({ tool_calls: [{ index, ...more }] });
        piece({ id, type, function: { name: called.name, arguments: "" } });
        for (const part of called.arguments.match(/.{1,6}/g) ?? [])
          piece({ function: { arguments: part } });
      }
      const words = calls.length > 0 ? [] : (text ?? "").split(" ");
      const next = (index: number) => {
        const word = words[index];
        if (model === "break" && index === 1) return response.destroy();
        if (word !== undefined) {
          chunk({ [model === "refuse" ? "refusal" : "content"]: index === 0 ? word : ` ${word}` });
          return setTimeout(() => next(index + 1), model === "drip" ? 100 : 1);
        }
        chunk({}, { finish_reason });
        response.write(
          `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", created: 1, model, choices: [], usage })}\n\n`,
        );
        return response.end("data: [DONE]\n\n");
      };
      next(0);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  project.provide("issuerKey", issuer.privateKey);
  project.provide("modelServer", `http://127.0.0.1:${port}/v1`);
  return () => {
    server.close();
    server.closeAllConnections();
  };
}

interface Asked {
  model: string;
  stream?: boolean;
  messages: { role: string; content: Content }[];
  tools?: { function: { name: string } }[];
  tool_choice?: unknown;
}

type Content = string | { text?: string }[] | null;

const textOf = (content: Content): string =>
  typeof content === "string" ? content : (content ?? []).map(({ text }) => text ?? "").join("");

function answerOf(model: string, messages: Asked["messages"], body: string): string {
  const last = messages.at(-1);
  const said = textOf(last?.content ?? "");
  switch (model) {
    case "count":
      return `${messages.length} messages`;
    case "slots":
      return /<<([\s\S]*)>>/.exec(said)?.[1] ?? "nothing";
    case "record":
      return JSON.stringify(messages);
    case "raw":
      return body;
    case "judge":
      return `${/bomb/.test(said) ? "BLOCK" : "Allow"}: because of ${said.length} letters.`;
    case "refuse":
      return "I would rather not.";
    case "empty":
      return "";
    case "json":
      return '{"answer":"42"}';
    default:
      return model === "tools" && last?.role === "tool"
        ? `The tool said: ${said}`
        : `You said: ${said}`;
  }
}

interface Told {
  content: string | null;
  reasoning_content?: string;
  finish_reason?: string | null;
  usage?: object | null;
  tool_calls?: ReturnType<typeof callsOf>;
}

/** What the last message says that is to be answered. */
function toldIn(messages: Asked["messages"]): Told {
  const said = /<<([\s\S]*)>>/.exec(textOf(messages.at(-1)?.content ?? ""))?.[1];
  try {
    return JSON.parse(said ?? "") as Told;
  } catch {
    return { content: "Told nothing.", usage: { prompt_tokens: 1.5, completion_tokens: -5 } };
  }
}

/** None where the last message is what a tool said. */
function callsOf(
  messages: Asked["messages"],
  { tools = [], tool_choice }: Pick<Asked, "tools" | "tool_choice">,
) {
  if (messages.at(-1)?.role === "tool" || tool_choice === "none") return [];
  const asked = messages.findLast(({ role }) => role === "user")?.content ?? "";
  return tools
    .slice(0, /\ball\b/.test(textOf(asked)) ? undefined : 1)
    .map(({ function: { name } }, index) => ({
      id: `call_${index + 1}`,
      type: "function",
      function: { name, arguments: '{"city":"Paris"}' },
    }));
}

function makeIssuer() {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const named = { kid: "test", alg: "ES256" };
  return {
    privateKey: { ...privateKey.export({ format: "jwk" }), kty: "EC", ...named },
    jwks: { keys: [{ ...publicKey.export({ format: "jwk" }), ...named }] },
  };
}

declare module "vitest" {
  interface ProvidedContext {
    /** The base URL of the model server. */
    modelServer: string;
    /** The private key, as a JWK, of which the same server publishes the public half at `/.well-known/jwks.json`. */
    issuerKey: JsonWebKey & { kid: string };
  }
}
