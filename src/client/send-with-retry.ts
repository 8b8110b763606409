export interface RetryOptions {
  /** How often a request is sent at most; 1 for no retry. */
  tries: number;
  /** The first wait where the server names none, in ms. It doubles each time. */
  firstWaitMs: number;
  /** A longer wait, such as until a daily quota is renewed, is not waited for: the refusal is returned. */
  maxWaitMs: number;
  /** Until a reply begins, and for JSON until it ends. */
  timeoutMs: number;
  /** All of the caller's requests may be done twice. By default a POST without an idempotency key is not. */
  repeatAll: boolean;
  /** Called before each wait. */
  onWait: (reason: string, ms: number) => void;
}

export const DEFAULT_RETRY: RetryOptions = {
  tries: 3,
  firstWaitMs: 500,
  maxWaitMs: 15_000,
  timeoutMs: 120_000,
  repeatAll: false,
  onWait: () => undefined,
};

/** A request whose body can be sent more than once. */
export interface Sendable {
  url: URL;
  method: string;
  headers: Headers;
  body: ArrayBuffer | undefined;
  /** The caller's. Where it is aborted, nothing is sent again. */
  signal: AbortSignal;
}

/** Methods that have the same effect when they are repeated (RFC 9110, 9.2.2). */
const IDEMPOTENT = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);
/** A repetition would not help: the server lacks a feature, or storage space. */
const LASTING = new Set([501, 505, 507]);

type Outcome = { response: Response } | { error: Error };

/**
 * Sends the request, and again after failures that may pass. A request that may not be done twice is repeated only
 * where the server says with `retry-after-ms` that nothing was done.
 *
 * @throws Error when no reply came
 */
export async function sendWithRetry(
  request: Sendable,
  options: RetryOptions,
  send: typeof fetch,
): Promise<Response> {
  for (let tried = 1; ; tried += 1) {
    const outcome = await attempt(request, options, send);
    const isOver = tried >= options.tries || request.signal.aborted;
    const ms = isOver ? null : await waitAfter(request, outcome, options, tried);
    if (ms !== null && ms <= options.maxWaitMs) {
      options.onWait(await reasonOf(outcome), ms);
      await sleep(ms, request.signal);
    } else if ("response" in outcome) return outcome.response;
    else throw outcome.error;
  }
}

async function attempt(
  { url, method, headers, body, signal }: Sendable,
  { timeoutMs }: RetryOptions,
  send: typeof fetch,
): Promise<Outcome> {
  const timeout = new AbortController();
  const timer = setTimeout(
    () => timeout.abort(new Error(`no reply within ${timeoutMs} ms`)),
    timeoutMs,
  );
  try {
    const response = await send(url, {
      method,
      headers,
      ...(body && { body }),
      signal: AbortSignal.any([signal, timeout.signal]),
    });
    return { response: await withWholeJson(response) };
  } catch (error) {
    if (signal.aborted) return { error: error as Error };
    return {
      error: new Error(`${url.origin} is not reached: ${rootCause(error)}`, { cause: error }),
    };
  } finally {
    clearTimeout(timer);
  }
}

/** JSON is read to its end, so that a connection that breaks in it is one more failed try. */
async function withWholeJson(response: Response): Promise<Response> {
  const { body, status, headers } = response;
  if (body === null || !/\bjson\b/.test(headers.get("content-type") ?? "")) return response;
  if (headers.get("content-type")?.includes("ndjson")) return response;
  return new Response(await response.arrayBuffer(), { status, headers });
}

/** How long to wait before the next try, in ms; null where the request is not sent again. */
async function waitAfter(
  request: Sendable,
  outcome: Outcome,
  { firstWaitMs, repeatAll }: RetryOptions,
  tried: number,
): Promise<number | null> {
  const ownWait = firstWaitMs * 2 ** (tried - 1);
  const mayRepeat =
    repeatAll || IDEMPOTENT.has(request.method) || request.headers.has("idempotency-key");
  if ("error" in outcome) return mayRepeat ? ownWait : null;
  const { response } = outcome;
  const asked = retryAfterMs(response.headers);
  if (response.status === 429 || response.status === 503) {
    if (asked !== null) return asked;
    return mayRepeat ? ownWait : null;
  }
  if (response.status === 409) return (await isInFlight(response)) ? (asked ?? ownWait) : null;
  const mayPass = response.status >= 500 && !LASTING.has(response.status);
  return mayPass && mayRepeat ? (asked ?? ownWait) : null;
}

/** The same request, sent before, is still being done: its reply comes under the same key. */
async function isInFlight(response: Response): Promise<boolean> {
  return (await response.clone().text()).includes('"idempotency_in_flight"');
}

/** The wait that the server asks for, in ms; null where it does not say. */
function retryAfterMs(headers: Headers): number | null {
  const ms = Number(headers.get("retry-after-ms") ?? Number.NaN);
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  const wait = Number.isFinite(ms) ? ms : seconds * 1_000;
  return Number.isFinite(wait) ? Math.max(wait, 0) : null;
}

async function reasonOf(outcome: Outcome): Promise<string> {
  if ("error" in outcome) return outcome.error.message;
  const { response } = outcome;
  try {
    const { error } = (await response.clone().json()) as { error?: unknown };
    if (typeof error === "string") return error;
    const message = (error as { message?: unknown } | undefined)?.message;
    if (typeof message === "string") return message;
  } catch {
    // Not JSON: a proxy answered.
  }
  return `the server answered ${response.status}`;
}

/** In Node, `fetch` hides the reason behind "fetch failed". */
function rootCause(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error && cause.message !== "" ? cause.message : message;
}

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
