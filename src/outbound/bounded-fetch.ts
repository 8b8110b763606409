/** The reply of an outside service. */
export interface OutsideReply {
  status: number;
  /** 2xx. */
  ok: boolean;
  text: string;
}

/**
 * Calls an outside service. It follows no redirect, so that the key reaches no other server. It refuses a body longer than
 * `maxBytes` before it is in memory.
 *
 * @throws Error what `fetch` throws, or that the body is too large
 */
export async function fetchBounded(
  url: string,
  init: RequestInit,
  maxBytes: number,
): Promise<OutsideReply> {
  const response = await fetch(url, { ...init, redirect: "manual" });
  const { status, ok } = response;
  const tooLarge = () => new Error(`the reply is longer than ${maxBytes} bytes`);
  return { status, ok, text: await replyText(response, maxBytes, tooLarge) };
}

/**
 * The text of a reply of up to `maxBytes`. A reply that tells its length, and is not compressed, is read by the runtime as a
 * whole: a reader of its stream costs more than to parse it.
 *
 * @param tooLarge - the error of a longer reply
 */
export async function replyText(
  response: Response,
  maxBytes: number,
  tooLarge: () => Error,
): Promise<string> {
  const { headers } = response;
  const length = headers.get("content-length") ?? "";
  const isAsTold = !headers.has("content-encoding") && !headers.has("transfer-encoding");
  const isShort = isAsTold && /^\d+$/.test(length) && Number(length) <= maxBytes;
  return isShort ? response.text() : bodyText(response.body, maxBytes, tooLarge);
}

/** The text of a body of up to `maxBytes`. @param tooLarge - the error of a longer body */
export async function bodyText(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  tooLarge: () => Error,
): Promise<string> {
  if (!body) return "";
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      reader.cancel().catch(() => undefined);
      throw tooLarge();
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** Passes up to `maxBytes`. @param tooLarge - the error of a longer body */
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
