import { connect } from "node:net";
import type { Socket } from "node:net";
import { once } from "node:events";

import { FIRST_TEXT, nowUs } from "../model-server/wire.ts";

/** What a reader saw of one stream. */
export interface SeenStream {
  /** From the request to the first text, in ms. */
  firstMs: number;
  /** From the model's server to the reader, in ms, of each stamp. */
  delaysMs: number[];
}

const FIRST = Buffer.from(FIRST_TEXT);
const END = Buffer.from("0\r\n\r\n");
/** Longer than a stamp, and than the end. */
const TAIL_BYTES = 32;
const STAMP = /<(\d{16})>/g;

/** A connection for one request. */
export async function openConnection({ port, hostname }: URL): Promise<Socket> {
  const socket = connect(Number(port), hostname);
  socket.setNoDelay(true);
  await once(socket, "connect");
  return socket;
}

/** Sends the request and reads its stream to the end, as fast as it comes. @throws Error unless it is answered with 200 */
export function readStream(socket: Socket, path: string, body: object): Promise<SeenStream> {
  const { promise, resolve, reject } = Promise.withResolvers<SeenStream>();
  const began = performance.now();
  const delaysMs: number[] = [];
  const stamps = new Set<string>();
  let firstMs = -1;
  let isOk = false;
  let tail = Buffer.alloc(0);
  socket.on("data", (data) => {
    if (!isOk && !data.toString("latin1", 0, 12).endsWith("200")) {
      reject(new Error(data.toString()));
      socket.destroy();
      return;
    }
    isOk = true;
    const all = tail.length > 0 ? Buffer.concat([tail, data]) : data;
    if (firstMs < 0 && all.includes(FIRST)) firstMs = performance.now() - began;
    for (const [, stamp = ""] of all.includes("<") ? all.toString("latin1").matchAll(STAMP) : []) {
      // An answer that is told again at its end has its stamps again.
      if (stamps.has(stamp)) continue;
      stamps.add(stamp);
      delaysMs.push((nowUs() - Number(stamp)) / 1_000);
    }
    tail = Buffer.from(all.subarray(-TAIL_BYTES));
    if (!tail.subarray(-END.length).equals(END)) return;
    socket.destroy();
    resolve({ firstMs, delaysMs });
  });
  socket.on("error", reject);
  socket.on("close", () => reject(new Error("the stream was closed before its end")));
  const json = JSON.stringify(body);
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
  );
  return promise;
}
