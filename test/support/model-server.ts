import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { TestProject } from "vitest/node";

/**
 * An OpenAI-compatible server on loopback, for what is across the internet in production. The model's name says how it
 * behaves: `echo` repeats the last message, `fail` answers 500, `flaky` fails every other time, `hang` never answers,
 * `record` answers with the messages that it got, `raw` with the whole body, `judge` blocks bombs, `slots` answers with what the last message has between << and >>, `count` with their number, `drip` streams a word every 100 ms, `break` streams a word and drops the connection.
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
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      requests += 1;
      const { model, messages, stream } = JSON.parse(body) as {
        model: string;
        stream?: boolean;
        messages: { role: string; content: string }[];
      };
      const said = messages.at(-1)?.content ?? "";
      if (model === "hang") return;
      if (model === "fail" || (model === "flaky" && requests % 2 === 1)) {
        response.writeHead(500).end("{}");
        return;
      }
      const text =
        model === "count"
          ? `${messages.length} messages`
          : model === "slots"
            ? (/<<([\s\S]*)>>/.exec(said)?.[1] ?? "nothing")
            : model === "record"
              ? JSON.stringify(messages)
              : model === "raw"
                ? body
                : model === "judge"
                  ? `${/bomb/.test(said) ? "BLOCK" : "Allow"}: because of ${said.length} letters.`
                  : `You said: ${said}`;
      const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
      if (!stream) {
        const message = { role: "assistant", content: text };
        const reply = {
          id: "1",
          object: "chat.completion",
          created: 1,
          model,
          usage,
          choices: [{ index: 0, message, finish_reason: "stop" }],
        };
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(reply));
        return;
      }
      response.writeHead(200, { "content-type": "text/event-stream" });
      const chunk = (delta: object, more: object = {}) =>
        response.write(
          `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", created: 1, model, choices: [{ index: 0, delta, ...more }] })}\n\n`,
        );
      const words = text.split(" ");
      const next = (index: number) => {
        const word = words[index];
        if (model === "break" && index === 1) return response.destroy();
        if (word !== undefined) {
          chunk({ content: index === 0 ? word : ` ${word}` });
          return setTimeout(() => next(index + 1), model === "drip" ? 100 : 1);
        }
        chunk({}, { finish_reason: "stop" });
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
