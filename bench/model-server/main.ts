// An OpenAI-compatible server: `node bench/model-server/main.ts` prints its port. A process of its own, so that its work is
// not measured. It answers `/v1/chat/completions` at once, and says how many messages it was shown. For a stream the newest
// message may say how fast it comes and how long it is: `MODE:fast CHUNKS:1000`.
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

import { instantReply } from "./instant-reply.ts";
import { bodyOf } from "./request-body.ts";
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

const COMPLETION = {
  id: "chatcmpl-C8xYz1234567890abcdefghij",
  created: 1_795_851_000,
  model: "fake-2026-01-01",
  system_fingerprint: "fp_0123456789",
};

const http = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

function chunk(delta: object, finish_reason: string | null = null, usage?: object): string {
  const completion = {
    ...COMPLETION,
    object: "chat.completion.chunk",
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
let clock: NodeJS.Timeout | undefined;

/** While nothing is paced, no clock ticks: it would take from what is measured. */
function pace(next: Pacing): void {
  paced.add(next);
  clock ??= setInterval(sendDue, 1);
}

function sendDue(): void {
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
  if (paced.size > 0) return;
  clearInterval(clock);
  clock = undefined;
}

interface Asked {
  stream?: boolean;
  messages: { role: string; content: string | { text?: string }[] }[];
}

const textOf = (content: string | { text?: string }[] = ""): string =>
  typeof content === "string" ? content : content.map(({ text = "" }) => text).join("");

/** The reply to the newest message, beside how many of the conversation were shown. */
function replyTo(messages: Asked["messages"]): string {
  const said = messages.filter(({ role }) => role === "user" || role === "assistant");
  return instantReply(textOf(said.at(-1)?.content), said.length - 1);
}

let answered = 0;

function answer(socket: Socket, body: string): void {
  if (body.includes("MODE:")) return streamWords(socket, body);
  const { stream = false, messages } = JSON.parse(body) as Asked;
  const content = replyTo(messages);
  if (stream) {
    socket.write(Buffer.concat([Buffer.from(HEAD), first, Buffer.from(chunk({ content })), last]));
    return;
  }
  const message = { role: "assistant", content, refusal: null };
  answered += 1;
  const json = JSON.stringify({
    ...COMPLETION,
    // LangGraph takes two messages of one id for the same.
    id: `${COMPLETION.id}${answered}`,
    object: "chat.completion",
    choices: [{ index: 0, message, logprobs: null, finish_reason: "stop" }],
    usage,
  });
  socket.write(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
  );
}

function streamWords(socket: Socket, body: string): void {
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
  pace({ socket, sent: 0, chunks, began, everyMs });
}

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on("error", () => undefined);
  let got: Buffer = Buffer.alloc(0);
  socket.on("data", (data) => {
    got = got.length === 0 ? data : Buffer.concat([got, data]);
    for (;;) {
      const next = bodyOf(got);
      if (next === null) return;
      got = next.rest;
      answer(socket, next.body);
    }
  });
  socket.on("close", () => {
    for (const each of paced) if (each.socket === socket) paced.delete(each);
  });
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
// It ends with the process that measures.
process.on("disconnect", () => process.exit(0));
