import { DelegateBackoff, handleWhen, retry } from "cockatiel";
import type { IRetryBackoffContext, RetryPolicy } from "cockatiel";
import { parseJson } from "../shared/json.ts";

/** A request that fails in a way that may pass is tried so often, for some three minutes in all. */
const TRIES = 9;
const FIRST_WAIT_MS = 500;
const MOST_WAIT_MS = 60_000;
/** A batch of an import may take long where sessions are read from an archive. */
const TIMEOUT_MS = 5 * 60_000;

/** The server's refusal, with its words. */
export class Refused extends Error {
  readonly status: number;
  /** In ms, where it says so. */
  readonly retryAfter: number | null;

  constructor(status: number, retryAfter: number | null, message: string) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** A server that is not reached may be, later. */
const mayPass = (error: unknown): boolean =>
  !(error instanceof Refused) || error.status === 429 || error.status >= 500;

/** Waits as long as the server asks for; without that, twice as long each time. */
function waitBefore({ attempt, result }: IRetryBackoffContext<unknown>): number {
  const asked =
    "error" in result && result.error instanceof Refused ? result.error.retryAfter : null;
  return Math.min(asked ?? FIRST_WAIT_MS * 2 ** (attempt - 1), MOST_WAIT_MS);
}

export interface Target {
  to: URL;
  key: string | undefined;
  account: string | undefined;
}

/**
 * Speaks to Colloquy, one request at a time. It waits when it is told to (429), and tries again what may pass: a
 * connection that broke, a server that is away. Everything it sends may come twice.
 */
export class Client {
  readonly #target: Target;
  readonly #retrying: RetryPolicy;

  /** @param onWait - is told when it waits, why, and for how long */
  constructor(target: Target, onWait: (reason: string, ms: number) => void) {
    this.#target = target;
    this.#retrying = retry(handleWhen(mayPass), {
      maxAttempts: TRIES - 1,
      backoff: new DelegateBackoff(waitBefore),
    });
    this.#retrying.onRetry((failed) => {
      if ("error" in failed) onWait((failed.error as Error).message, failed.delay);
    });
  }

  /**
   * @param body - lines, or gzip of them
   * @throws Refused, or Error where the server is not reached
   */
  call<T>(
    method: "GET" | "POST" | "DELETE",
    path: string,
    query: Record<string, string> = {},
    body?: string | Buffer<ArrayBuffer>,
  ): Promise<T> {
    return this.#retrying.execute(() => this.#attempt<T>(method, path, query, body));
  }

  async #attempt<T>(
    method: string,
    path: string,
    query: Record<string, string>,
    body: string | Buffer<ArrayBuffer> | undefined,
  ): Promise<T> {
    const { to, key, account } = this.#target;
    const url = new URL(to);
    url.pathname = `${to.pathname.replace(/\/$/, "")}${path}`;
    const named = { ...query, ...(account !== undefined && { account_id: account }) };
    for (const [name, value] of Object.entries(named)) url.searchParams.set(name, value);
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, {
        method,
        headers: {
          ...(key !== undefined && { authorization: `Bearer ${key}` }),
          ...(body !== undefined && { "content-type": "application/x-ndjson" }),
        },
        ...(body !== undefined && { body }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      text = await response.text();
    } catch (error) {
      const { cause } = error as Error;
      const why = cause instanceof Error && cause.message !== "" ? cause : (error as Error);
      throw new Error(`${to.origin} is not reached: ${why.message}`, { cause: error });
    }
    const json = parsed(text) as (T & { error?: string }) | null;
    if (response.ok && json !== null) return json;
    const { status, headers } = response;
    throw new Refused(
      status,
      retryAfterIn(headers),
      json?.error ?? `${to.origin} answered ${status}`,
    );
  }
}

/** The wait that the server asks for, in ms; null where it does not say. */
function retryAfterIn(headers: Headers): number | null {
  const ms = Number(headers.get("retry-after-ms") ?? Number.NaN);
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  const wait = Number.isFinite(ms) ? ms : seconds * 1_000;
  return Number.isFinite(wait) ? Math.max(wait, 0) : null;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return null;
  }
}
