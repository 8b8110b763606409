import createFetchClient, { createQuerySerializer } from "openapi-fetch";
import type { Client, MaybeOptionalInit, Middleware } from "openapi-fetch";

import { answerStream } from "./answer-stream.ts";
import type { AnswerStream, AskBody, AskPath, StreamOptions } from "./answer-stream.ts";
import { listItems } from "./list-items.ts";
import type { ListedItem, ListPath } from "./list-items.ts";
import { streamLines } from "./ndjson.ts";
import type { paths } from "./openapi-types.ts";
import { TAKES_IDEMPOTENCY_KEY, WITHOUT_ACCOUNT } from "./operation-traits.ts";
import { DEFAULT_RETRY, sendWithRetry } from "./send-with-retry.ts";
import type { RetryOptions } from "./send-with-retry.ts";

export interface ColloquyOptions {
  /** Where the deployment is, such as `https://colloquy.example.com`. */
  baseUrl: string;
  /** An API key, or a function that has it: it is asked before each request. */
  key?: string | (() => string | undefined) | undefined;
  /** The account, where the key names none: with `AUTH=open`, and with the root key. */
  account?: string | undefined;
  /** Used in place of the global `fetch`. */
  fetch?: typeof fetch;
  retry?: Partial<RetryOptions>;
}

/** JSON of replies and of refusals. Streams and exports have methods of their own. */
type Json = "application/json" | "application/problem+json";

/** A client of all routes: `GET`, `POST`, … by path, and what plain requests lack. */
export interface Colloquy extends Client<paths, Json> {
  /**
   * Asks, and yields the pieces of the answer as the model writes them.
   *
   * @throws ColloquyError from the iterator, where the question is refused or the answer fails
   */
  ask: <P extends AskPath>(path: P, body: AskBody<P>, options?: StreamOptions) => AnswerStream;
  /**
   * Yields the elements of a list, page after page.
   *
   * @throws ColloquyError from the iterator, where a page is refused
   */
  list: <P extends ListPath>(
    path: P,
    ...init: ReadInit<P>
  ) => AsyncGenerator<ListedItem<P>, void, undefined>;
  /**
   * Yields the lines of an export, each as a JavaScript value.
   *
   * @throws ColloquyError from the iterator, where the export is refused
   */
  lines: <P extends LinesPath>(
    path: P,
    ...init: ReadInit<P>
  ) => AsyncGenerator<unknown, void, undefined>;
}

/** Parameters of a GET: optional where none of them is needed. */
type ReadInit<P extends ListPath | LinesPath> =
  {} extends MaybeOptionalInit<paths[P], "get">
    ? [init?: MaybeOptionalInit<paths[P], "get">]
    : [init: MaybeOptionalInit<paths[P], "get">];

export type LinesPath = "/export" | "/users/{user_id}/export" | "/archives/{session_id}";

/** A client of one deployment. Its retries are safe: what may not be done twice is sent once. */
export function createColloquy(options: ColloquyOptions): Colloquy {
  const api = createFetchClient<paths, Json>({
    baseUrl: options.baseUrl,
    querySerializer: createQuerySerializer(),
  });
  api.use(sender(options));
  return Object.assign(api, {
    ask: <P extends AskPath>(path: P, body: AskBody<P>, stream: StreamOptions = {}) =>
      answerStream(api, path, body, stream),
    list: (path: ListPath, init?: object) => listItems(api, path, init),
    lines: (path: LinesPath, init?: object) => streamLines(api, path, init),
  }) as Colloquy;
}

/** Completes each request and sends it in place of openapi-fetch, which knows no retries. */
function sender({ key, account, fetch: send, retry }: ColloquyOptions): Middleware {
  return {
    onRequest: async ({ request, schemaPath }) => {
      const operation = `${request.method} ${schemaPath}`;
      const url = new URL(request.url);
      if (account !== undefined && !WITHOUT_ACCOUNT.has(operation))
        url.searchParams.set("account_id", account);
      const headers = new Headers(request.headers);
      const bearer = typeof key === "function" ? key() : key;
      if (bearer !== undefined) headers.set("authorization", `Bearer ${bearer}`);
      // The server does the same request under the same key once, so that it may be sent again.
      if (TAKES_IDEMPOTENCY_KEY.has(operation) && !headers.has("idempotency-key"))
        headers.set("idempotency-key", crypto.randomUUID());
      const hasBody = request.method !== "GET" && request.method !== "HEAD";
      const body = hasBody ? await request.arrayBuffer() : undefined;
      return sendWithRetry(
        {
          url,
          method: request.method,
          headers,
          body: body?.byteLength === 0 ? undefined : body,
          signal: request.signal,
        },
        { ...DEFAULT_RETRY, ...retry },
        send ?? fetch,
      );
    },
  };
}
