import { createParser } from "eventsource-parser";

/**
 * Receives the data of an event.
 *
 * @param isWhole - false for the last event of a body that ended within it
 */
type OnData = (data: string, isWhole: boolean) => void;

interface ReadOptions {
  maxBytes: number;
  /** The error of a longer body. */
  tooLong: () => Error;
  /** Ends the reading. */
  signal?: AbortSignal | undefined;
}

/**
 * Reads Server-Sent Events. The events of one read are passed on before the next read, without a promise in between: a
 * stream stage or a promise for each event costs more than to parse it.
 */
export async function readEvents(
  body: ReadableStream<Uint8Array>,
  { maxBytes, tooLong, signal }: ReadOptions,
  onData: OnData,
): Promise<void> {
  const reader = body.getReader();
  const stop = () => void reader.cancel().catch(() => undefined);
  // Asking the signal at each read leaves JavaScript each time.
  let isAborted = signal?.aborted === true;
  // A body may stay open after its signal was aborted.
  const onAbort = () => {
    isAborted = true;
    stop();
  };
  signal?.addEventListener("abort", onAbort, { once: true });
  const events = parserOf(onData);
  const decoder = new TextDecoder();
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (isAborted) return;
      if (done) break;
      bytes += value.byteLength;
      if (bytes > maxBytes) throw tooLong();
      events.feed(decoder.decode(value, { stream: true }));
    }
    events.end(decoder.decode());
  } finally {
    signal?.removeEventListener("abort", onAbort);
    stop();
  }
}

/** Like {@link readEvents}, for a text. */
export function eventsIn(text: string, onData: OnData): void {
  const events = parserOf(onData);
  events.feed(text);
  events.end("");
}

function parserOf(onData: OnData) {
  let isWhole = true;
  const parser = createParser({ onEvent: ({ data }) => onData(data, isWhole) });
  return {
    feed: (text: string) => parser.feed(text),
    end: (rest: string) => {
      // It ends the last line: the parser keeps a last CR, as an LF may follow.
      parser.feed(`${rest}\n`);
      isWhole = false;
      parser.feed("\n");
    },
  };
}
