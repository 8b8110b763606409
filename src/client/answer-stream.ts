import { EventSourceParserStream } from "eventsource-parser/stream";
import type { Client } from "openapi-fetch";

import { ColloquyError } from "./colloquy-error.ts";
import type { components, paths } from "./openapi-types.ts";
import { chunksOf } from "./chunks-of.ts";

/** Routes that answer a question. */
export type AskPath = "/query" | "/api/chat" | "/admin/assistant/chat";
type Reply = components["schemas"]["Reply"];
type JsonBody<P extends AskPath> = paths[P]["post"]["requestBody"]["content"]["application/json"];
export type AskBody<P extends AskPath> = Omit<JsonBody<P>, "stream">;

export interface StreamOptions {
  /** Ends the stream. The server stores what was said until then. */
  signal?: AbortSignal;
  /** By default a new one for each call. */
  idempotencyKey?: string;
}

/** An answer, as it is written. It can be read once. */
export interface AnswerStream extends AsyncIterable<string> {
  /** Reads what is left of the stream. @returns what the plain reply would be */
  reply: () => Promise<Reply>;
}

/** Asks at the first read. */
export function answerStream<P extends AskPath>(
  api: Client<paths>,
  path: P,
  body: AskBody<P>,
  options: StreamOptions,
): AnswerStream {
  let settled: Reply | undefined;
  const deltas = (async function* () {
    for await (const { event, data } of events(api, path, body, options)) {
      if (event === "delta") yield (JSON.parse(data) as { delta: string }).delta;
      if (event === "error") {
        const problem = JSON.parse(data) as { status: number };
        throw ColloquyError.of(new Response(null, { status: problem.status }), problem);
      }
      if (event === "done") settled = JSON.parse(data) as Reply;
    }
    if (settled === undefined)
      throw new ColloquyError({
        status: 200,
        code: "stream_broken",
        message: "The stream ended before the answer did. Read the session for what was stored.",
      });
  })();
  return {
    [Symbol.asyncIterator]: () => deltas,
    reply: async () => {
      for await (const _ of deltas);
      if (settled !== undefined) return settled;
      throw new Error("The stream was left before its end, so that its reply is not known.");
    },
  };
}

async function* events(
  api: Client<paths>,
  path: AskPath,
  body: object,
  { signal, idempotencyKey }: StreamOptions,
): AsyncGenerator<{ event?: string | undefined; data: string }> {
  const { data, error, response } = await api.POST(path, {
    body: { ...body, stream: true } as never,
    parseAs: "stream",
    headers: {
      accept: "text/event-stream",
      ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
    },
    ...(signal && { signal }),
  });
  if (!response.ok || !data) throw ColloquyError.of(response, error);
  const text = new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>;
  yield* chunksOf(data.pipeThrough(text).pipeThrough(new EventSourceParserStream()));
}
