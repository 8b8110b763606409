import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

import { ask, readTurns } from "./client.ts";
import type { Question, Turn } from "./client.ts";
import { eventually, expect } from "./expect.ts";
import { freshStorage, startServer } from "./server.ts";
import type { Server } from "./server.ts";
import { answerTo, pieceOf, standInModel } from "./stand-in.ts";
import type { StandIn } from "./stand-in.ts";

const ACCOUNT = "leave";
const PIECE_MS = 200;
const SHORT_PIECES = 25;
/** Takes longer than the server goes on for a reader who has gone. */
const LONG_PIECES = 150;
const SETTLED_WITHIN_MS = 45_000;

/** A client that goes away in the middle of its answer loses nothing and doubles nothing. */
export async function leave(): Promise<string> {
  const storage = freshStorage();

  const short = await standInModel({ delayMs: () => PIECE_MS, pieces: SHORT_PIECES });
  let server = await startServer(storage, short.openai);
  await leaveAnswer(server, short);
  const completed = await leaveStream(server, short, "short");
  expect(completed.status === "completed", `a short answer ends as ${completed.status}`);
  expect(completed.output === whole(SHORT_PIECES), `it was cut to: ${completed.output}`);
  await server.stop();
  short.close();

  const long = await standInModel({ delayMs: () => PIECE_MS, pieces: LONG_PIECES });
  server = await startServer(storage, long.openai);
  const interrupted = await leaveStream(server, long, "long");
  expect(interrupted.status === "interrupted", `a long answer ends as ${interrupted.status}`);
  const said = interrupted.output ?? "";
  expect(
    said.length > 0 && whole(LONG_PIECES).startsWith(said),
    `what is kept is no beginning: ${said}`,
  );
  await server.stop();
  long.close();
  return "3 clients killed in mid-answer: 2 answers kept whole, 1 as far as it came, none twice";
}

const whole = (pieces: number): string =>
  Array.from({ length: pieces }, (_, index) => pieceOf(index)).join("");

/** A plain request whose client is gone before the answer. */
async function leaveAnswer({ url }: Server, { windows }: StandIn): Promise<void> {
  const question = { accountId: ACCOUNT, session_id: "plain", query: "Will you keep this?" };
  const seen = windows.length;
  const client = curl(url, question, "plain-key");
  await eventually("the model is asked", 10_000, async () => (windows.length > seen ? true : null));
  client.kill("SIGKILL");
  const [turn] = await settledTurns(url, "plain");
  expect(turn?.status === "completed", `its turn is ${turn?.status ?? "lost"}`);
  const replay = await ask(url, question, "plain-key");
  expect(replay.call_id === turn.call_id, "its retry is another turn");
  expect(replay.response === answerTo(question.query), `its retry says: ${replay.response}`);
}

/** @returns the turn as it was settled when its client had gone */
async function leaveStream({ url }: Server, model: StandIn, session_id: string): Promise<Turn> {
  const question = { accountId: ACCOUNT, session_id, query: "Tell me a story", stream: true };
  const client = curl(url, question, `${session_id}-key`);
  let heard = "";
  client.stdout.setEncoding("utf8").on("data", (text: string) => (heard += text));
  await eventually("three pieces come", 10_000, async () =>
    heard.includes(pieceOf(2)) ? true : null,
  );
  client.kill("SIGKILL");

  const turns = await settledTurns(url, session_id);
  expect(turns.length === 1, `${turns.length} turns of one question`);
  const [turn] = turns as [Turn];
  expect(turn.input === question.query, `the question is kept as: ${turn.input}`);

  const asked = model.windows.length;
  if (turn.status === "completed") {
    const { call_id } = await ask(url, { ...question, stream: false }, `${session_id}-again`);
    expect(call_id !== turn.call_id, "the next turn replaced the one before it");
    const replay = await fetchStream(url, question, `${session_id}-key`);
    expect(replay.includes(turn.call_id), "its retry is another turn");
    expect(model.windows.length === asked + 1, "its retry asked the model again");
  } else {
    await ask(url, { ...question, stream: false });
  }
  const after = await readTurns(url, ACCOUNT, session_id);
  expect(after.length === 2, `${after.length} turns of two questions`);
  expect(
    JSON.stringify(after[0]) === JSON.stringify(turn),
    "the turn changed after it was settled",
  );
  return turn;
}

async function settledTurns(url: string, session_id: string): Promise<Turn[]> {
  return eventually(`the turn of ${session_id} is settled`, SETTLED_WITHIN_MS, async () => {
    // A turn is written a moment after it began.
    await sleep(100);
    const turns = await readTurns(url, ACCOUNT, session_id).catch(() => []);
    return turns.length > 0 && turns.every(({ status }) => status !== "in_progress") ? turns : null;
  });
}

/** In a process of its own, so that it can be killed as clients are. */
const curl = (url: string, question: Question, idempotencyKey: string) =>
  spawn(
    "curl",
    [
      `${url}/query`,
      "-sSN",
      "-Hcontent-type: application/json",
      `-Hidempotency-key: ${idempotencyKey}`,
      `-d${JSON.stringify(question)}`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );

async function fetchStream(url: string, question: Question, key: string): Promise<string> {
  const response = await fetch(`${url}/query`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify(question),
  });
  return response.text();
}
