import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { TestProject } from "vitest/node";

import { answerTo } from "./model-answers.ts";
import type { Asked } from "./model-answers.ts";
import { sendJson, sendStream, sendWhole } from "./model-wire.ts";

/**
 * An OpenAI-compatible server on loopback, for what is across the internet in production. The model's name says how it
 * behaves: `echo` repeats the last message, `fail` answers 500, `flaky` fails every other time, `hang` never answers,
 * `record` answers with the messages that it got, `raw` with the whole body, `judge` blocks bombs, `slots` answers with what the last message has between << and >>, `count` with their number, `drip` streams a word every 100 ms, `break` streams a word and drops the connection.
 * `told` answers as the JSON between << and >> in the last message says, an {@link Answer}: fields of the message, `finish_reason`, `usage`, and how it is sent.
 * `script` does so in steps: the latest message of the user with << and >> holds a list of answers, one for each time that it is asked.
 * `tools` calls the first tool, or all of them where it is asked for "all", for Paris, and says what a tool said; `reason` thinks first; `length` is cut off; `json` answers in JSON.
 * `refuse` answers with a refusal, `empty` with nothing; `status-429` answers with that status and says so in OpenAI's form.
 */
export default async function setup(project: TestProject): Promise<() => void> {
  let flaky = 0;
  const issuer = makeIssuer();
  const server = createServer((request, response) => {
    let body = "";
    if (request.url?.endsWith("/jwks.json")) return sendJson(response, issuer.jwks);
    // A letter of several bytes may come in two chunks.
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      const asked = JSON.parse(body) as Asked;
      const { model, stream } = asked;
      if (model === "hang") return;
      // By its own requests: other files ask other models meanwhile.
      if (model === "flaky") flaky += 1;
      if (model === "fail" || (model === "flaky" && flaky % 2 === 1))
        return sendJson(response, {}, 500);
      (stream ? sendStream : sendWhole)(response, model, answerTo(asked, body));
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
