// An OpenAI-compatible server that streams: `node bench/streams/model-server.ts` prints its port. A process of its own, so
// that its work is not measured. The newest message says what to do: `MODE:fast CHUNKS:1000`.
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

import { FIRST_TEXT, STAMP_EVERY, stampOf } from "./wire.ts";

/** Between chunks, in ms. */
const EVERY_MS: Record<string, number> = { paced: 10, held: 1_000 };

const HEAD =
  "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n";
const END = "0\r\n\r\n";
const WORDS = [
  "the ",
  "and ",
  "flig",
  "ht t",
  "o Li",
  "sbon",
  " is ",
  "on T",
  "hurs",
  "day ",
  "at 7",
];

const http = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

function chunk(delta: object, finish_reason: string | null = null, usage?: object): string {
  const completion = {
    id: "chatcmpl-C8xYz1234567890abcdefghij",
    object: "chat.completion.chunk",
    created: 1_795_851_000,
    model: "fake-2026-01-01",
    system_fingerprint: "fp_0123456789",
    choices: usage ? [] : [{ index: 0, delta, logprobs: null, finish_reason }],
    ...(usage && { usage }),
  };
  return http(`data: ${JSON.stringify(completion)}\n\n`);
}

const words = WORDS.map((content) => Buffer.from(chunk({ content })));
const first = Buffer.from(chunk({ role: "assistant", content: "", refusal: null }));
const marked = Buffer.from(chunk({ content: FIRST_TEXT }));
const usage = { prompt_tokens: 50, completion_tokens: 1_000, total_tokens: 1_050 };
const last = Buffer.from(
  chunk({}, "stop") + chunk({}, null, usage) + http("data: [DONE]\n\n") + END,
);
const wordAt = (at: number): Buffer => words[at % words.length] ?? marked;

interface Pacing {
  socket: Socket;
  sent: number;
  chunks: number;
  began: number;
  everyMs: number;
}
const paced = new Set<Pacing>();
setInterval(() => {
  const now = performance.now();
  for (const each of paced) {
    const due = Math.min(each.chunks, Math.floor((now - each.began) / each.everyMs) + 1);
    for (; each.sent < due; each.sent += 1) {
      const isStamp = each.sent > 0 && each.sent % STAMP_EVERY === 0;
      const next = isStamp ? Buffer.from(chunk({ content: stampOf() })) : wordAt(each.sent);
      each.socket.write(each.sent === 0 ? marked : next);
    }
    if (each.sent < each.chunks) continue;
    each.socket.write(last);
    paced.delete(each);
  }
}, 1);

function answer(socket: Socket, body: string): void {
  const mode = /MODE:(\w+)/.exec(body.slice(body.lastIndexOf("MODE:")))?.[1] ?? "fast";
  const chunks = Number(/CHUNKS:(\d+)/.exec(body.slice(body.lastIndexOf("CHUNKS:")))?.[1]);
  if (mode === "fast") {
    const all = Array.from({ length: chunks - 1 }, (_, at) => wordAt(at));
    socket.write(Buffer.concat([Buffer.from(HEAD), first, marked, ...all, last]));
    return;
  }
  socket.write(Buffer.concat([Buffer.from(HEAD), first]));
  const everyMs = EVERY_MS[mode] ?? 10;
  // Streams of one round do not beat in time.
  const began = performance.now() + Math.random() * 10;
  paced.add({ socket, sent: 0, chunks, began, everyMs });
}

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on("error", () => undefined);
  let got = "";
  socket.on("data", (data) => {
    got += data.toString("latin1");
    for (let asked = shift(); asked !== null; asked = shift()) answer(socket, asked);
  });
  socket.on("close", () => {
    for (const each of paced) if (each.socket === socket) paced.delete(each);
  });
  function shift(): string | null {
    const at = got.indexOf("\r\n\r\n") + 4;
    if (at < 4) return null;
    const length = /\r\ncontent-length: *(\d+)/i.exec(got.slice(0, at))?.[1];
    const isChunked = length === undefined;
    const end = isChunked ? got.indexOf(END, at) + END.length : at + Number(length);
    if (end < at + (isChunked ? END.length : 0) || got.length < end) return null;
    const body = got.slice(at, end);
    got = got.slice(end);
    return body;
  }
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
// It ends with the process that measures.
process.on("disconnect", () => process.exit(0));
