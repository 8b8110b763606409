import type { Server } from "../journeys/server.ts";

/** What the server is kept busy with, and killed in the midst of. */
export const KINDS = [
  "query",
  "state",
  "stream",
  "background",
  "sweep",
  "archive",
  "restore",
  "backup",
  "import",
] as const;
export type Kind = (typeof KINDS)[number];

export interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

interface Flight {
  kind: Kind | null;
  /** The server was killed, and nobody knows whether it was done. */
  isCutOff: boolean;
}

const ANSWER_MS = 60_000;
/** How much of a duration that was just seen goes into the usual one. */
const NEW_SHARE = 0.2;

/** The way to a server that dies now and then. It knows what is on its way, by kind of work. */
export class Wire {
  /** The server, once it is up: another one from before the kill on. */
  server: Promise<Server>;
  readonly #flying = new Set<Flight>();
  readonly #waiting = new Map<Kind, () => void>();
  readonly #usualMs = new Map<Kind, number>();

  constructor(server: Promise<Server>) {
    this.server = server;
  }

  /**
   * @param kind - null for who only looks
   * @returns null when the connection broke under it: whether it was done, only a look can tell
   */
  async during<T>(kind: Kind | null, work: (url: string) => Promise<T>): Promise<T | null> {
    const up = this.server;
    const server = await up;
    const flight: Flight = { kind, isCutOff: false };
    const began = performance.now();
    this.#flying.add(flight);
    if (kind !== null) this.#waiting.get(kind)?.();
    try {
      const done = await work(server.url);
      if (kind !== null) this.#took(kind, performance.now() - began);
      return done;
    } catch (error) {
      flight.isCutOff = this.server !== up;
      // Connections also break by themselves; whoever is not answered at all ends the run.
      if (!flight.isCutOff && !(error instanceof TypeError)) throw error;
      return null;
    } finally {
      this.#flying.delete(flight);
    }
  }

  send(kind: Kind, method: string, path: string, content: Content = {}): Promise<Answer | null> {
    return this.during(kind, (url) => request(url, method, path, content));
  }

  look(path: string): Promise<Answer | null> {
    return this.during(null, (url) => request(url, "GET", path));
  }

  get underWay(): Flight[] {
    return [...this.#flying];
  }

  /** Waits for one to begin. */
  begun(kind: Kind): Promise<void> {
    return new Promise((resolve) => this.#waiting.set(kind, resolve));
  }

  #took(kind: Kind, ms: number): void {
    const usual = this.#usualMs.get(kind) ?? ms;
    this.#usualMs.set(kind, usual + (ms - usual) * NEW_SHARE);
  }

  /** How long one mostly takes. */
  usualMs(kind: Kind): number {
    return this.#usualMs.get(kind) ?? 0;
  }
}

export interface Content {
  body?: object | string;
  headers?: Record<string, string>;
}

/** @throws when the server goes away or is silent for too long */
export async function request(
  url: string,
  method: string,
  path: string,
  { body, headers = {} }: Content = {},
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}
