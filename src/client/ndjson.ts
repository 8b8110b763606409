import type { Client } from "openapi-fetch";

import { chunksOf } from "./chunks-of.ts";
import { ColloquyError } from "./colloquy-error.ts";
import type { paths } from "./openapi-types.ts";

/**
 * The body of a route that takes lines: `client.POST("/import", { ...ndjson(lines) })`.
 *
 * @param lines - objects, one a line; or lines that are written already, also as gzip
 */
export function ndjson(lines: Iterable<object> | string | Uint8Array<ArrayBuffer>): {
  body: string;
  headers: { "content-type": string };
  bodySerializer: (body: unknown) => BodyInit;
} {
  const written =
    typeof lines === "string" || lines instanceof Uint8Array
      ? lines
      : [...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
  return {
    // The document calls it a text.
    body: written as string,
    headers: { "content-type": "application/x-ndjson" },
    bodySerializer: (body) => body as BodyInit,
  };
}

/** Yields the lines of a reply as values. @throws ColloquyError where it is refused */
export async function* streamLines(
  api: Client<paths>,
  path: string,
  init: object = {},
): AsyncGenerator<unknown, void, undefined> {
  const { headers, ...rest } = init as { headers?: Record<string, string> };
  const { data, error, response } = await api.GET(
    path as never,
    {
      ...rest,
      headers: { accept: "application/x-ndjson", ...headers },
      parseAs: "stream",
    } as never,
  );
  if (!response.ok) throw ColloquyError.of(response, error);
  const text = new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>;
  const body = data as unknown as ReadableStream<Uint8Array>;
  let left = "";
  for await (const chunk of chunksOf(body.pipeThrough(text))) {
    const lines = (left + chunk).split("\n");
    left = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield JSON.parse(line) as unknown;
  }
  if (left !== "") yield JSON.parse(left) as unknown;
}
