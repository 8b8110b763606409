import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

import { ask, readAll, readStats } from "./client.ts";
import type { Message, Session } from "./client.ts";
import { eventually, expect } from "./expect.ts";
import { inLanes } from "./lanes.ts";
import { freshStorage, r2Directory, startServer } from "./server.ts";

const ACCOUNT = "dialogues";
const LANES = 16;
/** Odd, so that pages end within turns. */
const PAGE = 7;
const DAY_MS = 86_400_000;
const SWEPT_WITHIN_MS = 120_000;

interface Dialogue {
  dialogue_id: string;
  turns: { speaker: "user" | "system"; utterance: string }[];
}

type Line =
  | { type: "session"; session_id: string; turns: number }
  | { type: "turn"; input: string; output: string }
  | { type: "index" };

/** What was said in a session: question, answer, question, … */
type Transcript = string[];

/**
 * Real dialogues, each a session: told, read back, left alone for 31 days, archived by the night's cron, read from the
 * archive's own files, and one of them called back.
 *
 * @param file - `.jsonl.gz`, a {@link Dialogue} a line
 */
export async function dialogues(file: string): Promise<string> {
  const all = linesOf<Dialogue>(gunzipSync(readFileSync(file)));
  const storage = freshStorage();
  const server = await startServer(storage);
  const { url } = server;
  const told = new Map<string, Transcript>();

  const began = Date.now();
  await inLanes(all, LANES, async ({ turns }) => {
    let session: string | undefined;
    const transcript: Transcript = [];
    for (const { speaker, utterance } of turns) {
      if (speaker !== "user") continue;
      const reply = await ask(url, {
        query: utterance,
        accountId: ACCOUNT,
        ...(session !== undefined && { session_id: session }),
      });
      session = reply.session_id;
      transcript.push(utterance, reply.response);
    }
    if (session !== undefined) told.set(session, transcript);
  });
  const tookMs = Date.now() - began;
  const messages = [...told.values()].reduce((sum, { length }) => sum + length, 0);

  await inLanes(told, LANES, async ([session, transcript]) => {
    const path = `/sessions/${session}/messages?accountId=${ACCOUNT}`;
    expectSame(session, contents(await readAll<Message>(url, path, PAGE)), transcript);
  });
  await expectStats(url, { live: told.size, messages, archived: 0 });

  const later = Date.now() + 31 * DAY_MS;
  const cron = await fetch(`${url}/cdn-cgi/handler/scheduled?cron=0+2+*+*+*&time=${later}`);
  expect(cron.ok, `the cron trigger answers ${cron.status}`);
  await eventually("the sweep", SWEPT_WITHIN_MS, async () =>
    (await readStats(url, ACCOUNT)).total_conversations === 0 ? true : null,
  );
  await expectStats(url, { live: 0, messages: 0, archived: told.size });
  const archived = await readAll<Session>(url, `/archives?accountId=${ACCOUNT}`);
  expect(
    new Set(archived.map(({ session_id }) => session_id)).size === told.size,
    `${archived.length} archives are listed`,
  );

  const { transcripts, files } = readSegments(r2Directory(storage));
  expect(transcripts.size === told.size, `the segments hold ${transcripts.size} sessions`);
  for (const [session, transcript] of told) {
    expectSame(session, transcripts.get(session) ?? [], transcript);
  }

  const [session, transcript] = [...told].at(-1) as [string, Transcript];
  const query = "Where were we?";
  const back = await ask(url, { query, accountId: ACCOUNT, session_id: session });
  expect(back.restored === true, "a question to an archived session does not say restored");
  const path = `/sessions/${session}/messages?accountId=${ACCOUNT}`;
  expectSame(session, contents(await readAll<Message>(url, path, PAGE)), [
    ...transcript,
    query,
    back.response,
  ]);
  await expectStats(url, { live: 1, messages: transcript.length + 2, archived: told.size - 1 });
  await server.stop();
  const rate = Math.round((messages * 500) / tookMs);
  return `${told.size} sessions, ${messages} messages, told at ${rate} turns a second, read back, archived in ${files} segments, called back`;
}

const contents = (messages: readonly Message[]): Transcript =>
  messages.map(({ content }) => content);

const linesOf = <T>(text: Uint8Array): T[] =>
  Buffer.from(text)
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);

function expectSame(session: string, found: Transcript, told: Transcript): void {
  const at = told.findIndex((text, index) => found[index] !== text);
  expect(
    at === -1 && found.length === told.length,
    `${session} has ${found.length} messages of ${told.length}, and differs at ${at}: ${JSON.stringify(found[at])} instead of ${JSON.stringify(told[at])}`,
  );
}

async function expectStats(
  url: string,
  wanted: { live: number; messages: number; archived: number },
): Promise<void> {
  const stats = await readStats(url, ACCOUNT);
  const held = {
    live: stats.total_conversations,
    messages: stats.total_messages,
    archived: stats.archived_conversations,
  };
  expect(
    JSON.stringify(held) === JSON.stringify(wanted) && stats.total_turns * 2 === wanted.messages,
    `the stats say ${JSON.stringify(stats)}, wanted ${JSON.stringify(wanted)}`,
  );
}

/** The segments as anybody with a copy of the bucket can read them: gunzip, and JSON line by line. */
function readSegments(directory: string): { transcripts: Map<string, Transcript>; files: number } {
  const transcripts = new Map<string, Transcript>();
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.parentPath.endsWith("blobs"),
  );
  for (const { parentPath, name } of files) {
    let transcript: Transcript = [];
    let left = 0;
    for (const line of linesOf<Line>(gunzipSync(readFileSync(join(parentPath, name))))) {
      if (line.type === "session") {
        expect(left === 0, `${line.session_id} begins before the session before it is complete`);
        expect(!transcripts.has(line.session_id), `${line.session_id} is archived twice`);
        transcript = [];
        left = line.turns;
        transcripts.set(line.session_id, transcript);
      } else if (line.type === "turn") {
        transcript.push(line.input, line.output);
        left -= 1;
      }
    }
    expect(left === 0, `${name} ends in the middle of a session`);
  }
  return { transcripts, files: files.length };
}
