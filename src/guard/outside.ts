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
export async function fetchOutside(
  url: string,
  init: RequestInit,
  maxBytes: number,
): Promise<OutsideReply> {
  const response = await fetch(url, { ...init, redirect: "manual" });
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = "";
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new Error(`more than ${maxBytes} bytes were answered`);
    text += decoder.decode(chunk, { stream: true });
  }
  return { status: response.status, ok: response.ok, text: text + decoder.decode() };
}
