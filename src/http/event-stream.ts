import type { AppContext } from "./context.ts";
import { SECOND_MS } from "../shared/time.ts";
import type { StreamSlot } from "./stream-slots.ts";

/** Interval of comments in a stream, in ms: proxies close a silent one while the model still works. */
const KEEP_ALIVE_MS = 15 * SECOND_MS;
/** How long an answer continues after its reader has left, in ms: mostly enough to store all of it. */
const UNREAD_MS = 20 * SECOND_MS;

const encoder = new TextEncoder();

/** Server-Sent Events to one client. Text that is sent during a write goes out with the next write. */
export class EventStream {
  readonly body: ReadableStream<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  #waiting = "";
  #writing: Promise<void> | null = null;
  #isGone = false;

  constructor() {
    const { readable, writable } = new IdentityTransformStream();
    this.body = readable;
    this.#writer = writable.getWriter();
    this.#writer.closed.catch(() => this.#leave());
  }

  /** Whether the client has left. What is sent to it then is dropped. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Whether the client has yet to take what was sent. */
  get isWriting(): boolean {
    return this.#writing !== null;
  }

  /** @param text - whole events */
  send(text: string): void {
    if (this.#isGone || text === "") return;
    this.#waiting += text;
    this.#writing ??= this.#writeAll();
  }

  /** Resolves when the client has taken all that was sent, or has left. */
  async taken(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async close(): Promise<void> {
    await this.taken();
    await this.#writer.close().catch(() => undefined);
  }

  async #writeAll(): Promise<void> {
    try {
      // Events that are sent without a pause between them go out in one write.
      await Promise.resolve();
      while (this.#waiting !== "") {
        const bytes = encoder.encode(this.#waiting);
        this.#waiting = "";
        await this.#writer.write(bytes);
      }
    } catch {
      this.#leave();
    }
    this.#writing = null;
  }

  #leave(): void {
    this.#isGone = true;
    this.#waiting = "";
  }
}

/**
 * Answers with Server-Sent Events.
 *
 * @param slot - given back when the stream ends
 * @param work - sends the events; it does not reject
 */
export function answerWithEvents(
  c: AppContext,
  slot: StreamSlot,
  work: (stream: EventStream) => Promise<void>,
): Response {
  const stream = new EventStream();
  const run = async () => {
    const keepAlive = setInterval(() => {
      // A client that takes nothing keeps no place: the slot counts as lost after a while.
      if (!stream.isWriting) slot.keep(Date.now());
      stream.send(": keep-alive\n\n");
    }, KEEP_ALIVE_MS);
    try {
      await work(stream);
      await stream.close();
    } finally {
      clearInterval(keepAlive);
      slot.end();
    }
  };
  void run();
  return c.body(stream.body, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-cache" },
  });
}

/** Aborts {@link UNREAD_MS} after the client of the request has left. */
export function signalOfReader(c: AppContext): AbortSignal {
  const gaveUp = new AbortController();
  const unread = () => setTimeout(() => gaveUp.abort(), UNREAD_MS);
  const { signal } = c.req.raw;
  if (signal.aborted) unread();
  signal.addEventListener("abort", unread, { once: true });
  return gaveUp.signal;
}
