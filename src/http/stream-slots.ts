import { ApiError } from "../shared/errors.ts";
import { MINUTE_MS, SECOND_MS } from "../shared/time.ts";

/**
 * Streams that an isolate answers at a time. An isolate has 128 MB of memory and is ended where it takes more, with all
 * its streams; an open stream takes up to 250 KiB.
 */
const MAX_STREAMS = 320;
/** In milliseconds. A stream that gave no sign of life for so long has lost its request, and does not count. */
const LOST_MS = 2 * MINUTE_MS;
/** When a refused caller tries again, in ms. */
const RETRY_AFTER_MS = 2 * SECOND_MS;

/** The place of one stream among those of the isolate. */
export interface StreamSlot {
  /** Says that the stream is still open. */
  keep: (now: number) => void;
  /** Gives the slot back. Twice is once. */
  end: () => void;
}

/** Counts open streams. */
export class StreamSlots {
  readonly #max: number;
  /** When each stream gave its last sign of life. */
  readonly #seenAt = new Map<StreamSlot, number>();

  constructor(max: number) {
    this.#max = max;
  }

  /** @throws ApiError `too_many_streams` */
  take(now: number): StreamSlot {
    if (this.#seenAt.size >= this.#max) this.#dropLost(now);
    if (this.#seenAt.size >= this.#max)
      throw new ApiError(
        "too_many_streams",
        "Too many streams are open here. Try again, or ask without stream.",
        { retry_after_ms: RETRY_AFTER_MS },
      );
    const slot: StreamSlot = {
      keep: (at) => {
        if (this.#seenAt.has(slot)) this.#seenAt.set(slot, at);
      },
      end: () => {
        this.#seenAt.delete(slot);
      },
    };
    this.#seenAt.set(slot, now);
    return slot;
  }

  /** The runtime may end a request without running its code to the end. */
  #dropLost(now: number): void {
    for (const [slot, seenAt] of this.#seenAt) if (now - seenAt > LOST_MS) slot.end();
  }
}

const slots = new StreamSlots(MAX_STREAMS);

/**
 * Runs a request that answers with a stream. The stream gives the slot back; where the request fails, it is given back here.
 *
 * @throws ApiError `too_many_streams`
 */
export async function inStreamSlot<T>(work: (slot: StreamSlot) => Promise<T>): Promise<T> {
  const slot = slots.take(Date.now());
  try {
    return await work(slot);
  } catch (error) {
    slot.end();
    throw error;
  }
}
