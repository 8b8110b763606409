import { connect } from "node:net";
import type { Socket } from "node:net";
import { once } from "node:events";

const HEAD_END = Buffer.from("\r\n\r\n");

/** A POST as bytes, made before the clock starts. */
export function post(path: string, body: unknown): Buffer {
  const json = JSON.stringify(body);
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
  );
}

export const get = (path: string): Buffer =>
  Buffer.from(`GET ${path} HTTP/1.1\r\nhost: bench\r\n\r\n`);

/**
 * One keep-alive connection, one request at a time, over a bare socket: on a small machine an HTTP library takes more
 * of the time than the server does. Understands what workerd sends: a content-length.
 */
export class Client {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #waiting: { resolve: (body: Buffer) => void; reject: (error: Error) => void } | null = null;

  static async open(url: URL): Promise<Client> {
    const socket = connect(Number(url.port), url.hostname);
    socket.setNoDelay(true);
    await once(socket, "connect");
    return new Client(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk) => this.#take(chunk));
    socket.on("error", (cause) =>
      this.#waiting?.reject(new Error(`port ${socket.remotePort}: ${cause.message}`, { cause })),
    );
    socket.on("close", () => this.#waiting?.reject(new Error("the connection was closed")));
  }

  /** @returns the body of a 200 or 201. @throws Error for anything else */
  send(request: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error("the connection was closed"));
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.#received.toString("latin1", 0, headEnd);
    const bodyStart = headEnd + HEAD_END.length;
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    if (length === undefined) return this.#waiting?.reject(new Error(`no content-length: ${head}`));
    const bodyEnd = bodyStart + Number(length);
    if (this.#received.length < bodyEnd) return;
    const body = this.#received.subarray(bodyStart, bodyEnd);
    this.#received = this.#received.subarray(bodyEnd);
    if (/^HTTP\/1\.1 20[01] /.test(head)) this.#waiting?.resolve(body);
    else this.#waiting?.reject(new Error(`${head.slice(0, 15)}: ${body.toString()}`));
  }
}
