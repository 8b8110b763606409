import { asApiError, openAiError, openAiStatus } from "../../problem.ts";
import { ApiError, STATUS_OF } from "../../../shared/errors.ts";
import { CONTENT_BYTES } from "../../../shared/stored-bounds.ts";

/** In bytes. A longer message closes the connection: its bytes are in memory before they can be refused. */
const MAX_MESSAGE_BYTES = CONTENT_BYTES;
/** Requests that may wait in a connection while one is answered. */
const MAX_WAITING = 64;
/** In bytes, of all waiting requests. */
const MAX_WAITING_BYTES = CONTENT_BYTES;
/**
 * In bytes. The runtime keeps what a client does not read, and does not say how much that is. So this bounds all that a
 * connection sends: some 100,000 deltas.
 */
const MAX_SENT_BYTES = 32 * 1024 * 1024;
/** In bytes. Past it the connection closes after its response, so that none begins that will be cut off. */
const MAX_SENT_BEFORE_RESPONSE_BYTES = MAX_SENT_BYTES / 2;
/** In bytes. Source: RFC 6455, 5.5. */
const MAX_REASON_BYTES = 123;

/** Source: RFC 6455, 7.4.1, and the registry of WebSocket close codes. */
const CLOSE = { normal: 1000, notText: 1003, refused: 1008, tooBig: 1009, tryAgain: 1013 } as const;

interface WaitingMessage {
  text: string;
  bytes: number;
  /** Null unless the rate limit refuses the message. */
  refusal: Promise<ApiError | null>;
}

/** The server's end of a WebSocket. The bytes that it holds are bounded in both directions. */
export class BoundedSocket {
  readonly #socket: WebSocket;
  readonly #waiting: WaitingMessage[] = [];
  readonly #onEnd: () => void;
  #waitingBytes = 0;
  #sentBytes = 0;

  /** @param onEnd - runs once or more after either side has closed */
  constructor(socket: WebSocket, onEnd: () => void) {
    this.#socket = socket;
    this.#onEnd = onEnd;
    socket.addEventListener("close", () => this.#end());
    socket.addEventListener("error", () => this.#end());
  }

  /**
   * Has a message wait for its turn.
   *
   * @param count - counts the message as a request. @throws ApiError when it is one too many
   */
  push(data: string | ArrayBuffer | Blob, count: () => Promise<void>): void {
    if (!this.#isOpen) return;
    if (typeof data !== "string") {
      this.close("notText", new ApiError("invalid_json", "A message takes JSON as text."));
      return;
    }
    const bytes = Buffer.byteLength(data);
    if (bytes > MAX_MESSAGE_BYTES) {
      this.close("tooBig", new ApiError("body_too_large", "A message takes 16 MiB at most."));
      return;
    }
    const isFull = this.#waiting.length >= MAX_WAITING;
    if (isFull || this.#waitingBytes + bytes > MAX_WAITING_BYTES) {
      const bound = isFull ? `${MAX_WAITING} requests` : "16 MiB of requests";
      const message = `${bound} wait already. Open another connection, and wait for answers.`;
      this.close("tryAgain", new ApiError("rate_limited", message));
      return;
    }
    this.#waitingBytes += bytes;
    const refusal = count().then(() => null, asApiError);
    this.#waiting.push({ text: data, bytes, refusal });
  }

  /** Takes the message that has waited longest. @throws ApiError `rate_limited` in place of a refused one */
  async shift(): Promise<string | undefined> {
    const next = this.#waiting.shift();
    if (next === undefined) return undefined;
    this.#waitingBytes -= next.bytes;
    const refusal = await next.refusal;
    if (refusal) throw refusal;
    return next.text;
  }

  /** Without its client, nothing is sent. */
  send(message: object): void {
    if (!this.#isOpen) return;
    const text = JSON.stringify(message);
    this.#sentBytes += Buffer.byteLength(text);
    if (this.#sentBytes > MAX_SENT_BYTES) this.#closeFull();
    else this.#socket.send(text);
  }

  /** Sends the refusal. One of the caller's credentials closes the connection. */
  refuse(error: ApiError): void {
    if (STATUS_OF[error.code] === 401) this.close("refused", error);
    else this.send(errorEvent(error));
  }

  /** Closes a connection that has sent so much that its next response might be cut off. */
  closeIfNearlyFull(): void {
    if (this.#sentBytes > MAX_SENT_BEFORE_RESPONSE_BYTES) this.#closeFull();
  }

  close(code: keyof typeof CLOSE, error: ApiError): void {
    if (!this.#isOpen) return;
    this.#socket.send(JSON.stringify(errorEvent(error)));
    this.#socket.close(CLOSE[code], error.message.slice(0, MAX_REASON_BYTES));
    // A client that reads nothing does not close its side.
    this.#end();
  }

  #closeFull(): void {
    const message = `A connection sends ${MAX_SENT_BYTES / 2 ** 20} MiB at most. Open another one.`;
    this.close("tryAgain", new ApiError("websocket_connection_limit_reached", message));
  }

  #end(): void {
    this.#waiting.length = 0;
    this.#waitingBytes = 0;
    this.#onEnd();
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === WebSocket.READY_STATE_OPEN;
  }
}

const errorEvent = (error: ApiError): object => ({
  type: "error",
  status: openAiStatus(error),
  error: openAiError(error),
});
