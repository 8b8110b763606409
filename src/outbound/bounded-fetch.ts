/** What a service outside answered. */
export interface OutsideReply {
  status: number;
  /** 2xx. */
  ok: boolean;
  text: string;
}

/**
 * Asks a service outside. No redirect is followed, so that a key goes nowhere it was not sent, and a body of more than
 * `maxBytes` is refused before it is held.
 *
 * @throws Error what `fetch` throws, or that the body is too large
 */
export async function fetchBounded(
  url: string,
  init: RequestInit,
  maxBytes: number,
): Promise<OutsideReply> {
  const { status, ok, body } = await fetch(url, { ...init, redirect: "manual" });
  const tooLarge = () => new Error(`more than ${maxBytes} bytes were answered`);
  const text = await new Response(body?.pipeThrough(limitBytes(maxBytes, tooLarge)) ?? null).text();
  return { status, ok, text };
}

/** Lets so many bytes through. @param tooLarge - what a body with more of them fails with */
export function limitBytes(
  maxBytes: number,
  tooLarge: () => Error,
): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes <= maxBytes) controller.enqueue(chunk);
      else controller.error(tooLarge());
    },
  });
}
