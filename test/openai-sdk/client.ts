import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { Ajv2020 } from "ajv/dist/2020.js";
import OpenAI from "openai";
import type { ClientOptions } from "openai";
import { inject } from "vitest";

export const freshAccount = (): string => `openai-${randomUUID()}`;

/** OpenAI's own client, of an account that no other test has. */
export const openai = (account = freshAccount(), options: ClientOptions = {}): OpenAI =>
  new OpenAI({
    baseURL: `${inject("server")}/v1`,
    apiKey: "none",
    defaultQuery: { account_id: account },
    ...options,
  });

/** What the same account gets of the other routes. */
export async function get(
  account: string,
  path: string,
  // oxlint-disable-next-line typescript/no-explicit-any -- what a client gets is JSON
): Promise<{ status: number; body: any }> {
  const url = new URL(path, inject("server"));
  url.searchParams.append("account_id", account);
  const response = await fetch(url);
  return { status: response.status, body: await response.json() };
}

/** Likewise, with a body. */
export async function post(
  account: string,
  path: string,
  body: object,
  // oxlint-disable-next-line typescript/no-explicit-any -- what a client gets is JSON
): Promise<{ status: number; body: any }> {
  const url = new URL(path, inject("server"));
  url.searchParams.append("account_id", account);
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

const SETTLED_MS = 120_000;
const POLL_MS = 50;

/** Polls a response until it is over. @param seen - is given each status on the way */
export async function settled(
  client: OpenAI,
  id: string,
  seen = new Set<string | undefined>(),
): Promise<OpenAI.Responses.Response> {
  for (const until = performance.now() + SETTLED_MS; performance.now() < until;) {
    const response = await client.responses.retrieve(id);
    seen.add(response.status);
    if (response.status !== "queued" && response.status !== "in_progress") return response;
    await sleep(POLL_MS);
  }
  throw new Error(`${id} was not over within ${SETTLED_MS / 1_000} s: ${[...seen].join(", ")}`);
}

const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
const DOCUMENT = "open-responses";
const documents = import.meta.glob<string>("./open-responses.openapi.json", {
  query: "?raw",
  import: "default",
  eager: true,
});
const document = JSON.parse(Object.values(documents)[0] ?? "") as {
  components: { schemas: Record<string, { properties: Record<string, object> }> };
};
// It has only null there, where OpenAI's API has the schema that was asked for.
Object.assign(document.components.schemas["JsonSchemaResponseFormat"]?.properties ?? {}, {
  schema: { type: ["object", "null"] },
});
ajv.addSchema(document, DOCUMENT);

/** @throws unless the value is what the Open Responses specification has under this name */
export function conforms(schemaName: string, value: unknown): void {
  const ref = `${DOCUMENT}#/components/schemas/${schemaName}`;
  const validate = ajv.getSchema(ref);
  if (!validate) throw new Error(`Open Responses has no schema ${schemaName}`);
  if (validate(value) === true) return;
  throw new Error(
    `This is no ${schemaName}: ${JSON.stringify(value, null, 2)}\n${ajv.errorsText(validate.errors, { separator: "\n" })}`,
  );
}
