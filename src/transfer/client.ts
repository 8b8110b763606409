import { setTimeout as sleep } from "node:timers/promises";

/** A request that fails in a way that may pass is tried so often, for some three minutes in all. */
const TRIES = 9;
const FIRST_WAIT_MS = 500;
const MOST_WAIT_MS = 60_000;
/** A batch of an import may take long where sessions are read from an archive. */
const TIMEOUT_MS = 5 * 60_000;

/** What the server refused, and said of it. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
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
  readonly #onWait: (reason: string, ms: number) => void;

  /** @param onWait - is told when it waits, why, and for how long */
  constructor(target: Target, onWait: (reason: string, ms: number) => void) {
    this.#target = target;
    this.#onWait = onWait;
  }

  /**
   * @param body - lines, or gzip of them
   * @throws Refused, or Error where the server is not reached
   */
  async call<T>(
    method: "GET" | "POST" | "DELETE",
    path: string,
    query: Record<string, string> = {},
    body?: string | Buffer<ArrayBuffer>,
  ): Promise<T> {
    for (let tried = 1; ; tried += 1) {
      const attempt = await this.#attempt<T>(method, path, query, body);
      if ("value" in attempt) return attempt.value;
      if (attempt.wait === null || tried === TRIES) throw attempt.error;
      const ms = attempt.wait ?? Math.min(FIRST_WAIT_MS * 2 ** (tried - 1), MOST_WAIT_MS);
      this.#onWait(attempt.error.message, ms);
      await sleep(ms);
    }
  }

  async #attempt<T>(
    method: string,
    path: string,
    query: Record<string, string>,
    body: string | Buffer<ArrayBuffer> | undefined,
  ): Promise<{ value: T } | { error: Error; wait: number | null | undefined }> {
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
      return { error: new Error(`${to.origin} is not reached: ${why.message}`), wait: undefined };
    }
    return this.#read(response, text);
  }

  #read<T>(
    { ok, status, headers }: Response,
    text: string,
  ): { value: T } | { error: Error; wait: number | null | undefined } {
    const json = parsed(text) as (T & { code?: string; error?: string }) | null;
    if (ok && json !== null) return { value: json };
    const message = json?.error ?? `${this.#target.to.origin} answered ${status}`;
    const error = new Refused(status, json?.code ?? "", message);
    const mayPass = status === 429 || status >= 500;
    return { error, wait: mayPass ? waitOf(headers) : null };
  }
}

/** What the server asks for, in ms; undefined where it does not say. */
function waitOf(headers: Headers): number | undefined {
  const ms = Number(headers.get("retry-after-ms") ?? Number.NaN);
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  const wait = Number.isFinite(ms) ? ms : seconds * 1_000;
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), MOST_WAIT_MS) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
