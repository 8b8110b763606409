import { placeOf, readAll, readStats, readTurns } from "../journeys/client.ts";
import type { Session, Turn } from "../journeys/client.ts";
import { inLanes } from "../journeys/lanes.ts";
import type { Crew, Entry } from "./crew.ts";
import { IMPORTED } from "./importers.ts";
import { request } from "./wire.ts";

const LANES = 8;
const RESTORED_AT_ONCE = 100;
/** Nothing is that old. */
const OLDEST_DAYS = 36_500;

/** Holds every session of every account against what was asked for, where it lies and brought back. */
export async function judgeTurns(url: string, crew: Crew): Promise<void> {
  const entries = new Map(crew.log.map((entry) => [nameOf(entry), entry]));
  const answered = new Map<Entry, string[]>();
  for (const account of crew.accounts) await judgeAccount(url, crew, account, entries, answered);
  for (const entry of crew.log) {
    const calls = answered.get(entry) ?? [];
    const what = `${entry.account}/${entry.session ?? "?"}, ${entry.text.slice(0, 60)}`;
    if (calls.length > 1) crew.faults.doubled.push(`${what}: ${calls.join(", ")}`);
    const { callId } = entry;
    const isThere = callId === IMPORTED ? calls.length > 0 : calls.includes(callId ?? "");
    if (callId !== null && !isThere)
      crew.faults.lost.push(
        `${what}: acknowledged as ${callId}, found as ${calls.join() || "none"}`,
      );
  }
}

async function judgeAccount(
  url: string,
  { faults: { lost, torn } }: Crew,
  account: string,
  entries: Map<string, Entry>,
  answered: Map<Entry, string[]>,
): Promise<void> {
  const sessions = await readAll<Session>(url, `/sessions?accountId=${account}`);
  if (new Set(sessions.map(({ session_id }) => session_id)).size !== sessions.length)
    torn.push(`${account}: a session is in the list twice`);
  const turnsOf = (session: string): Promise<Turn[]> =>
    readTurns(url, account, session).catch((error: Error) => {
      lost.push(`${account}/${session}: ${error.message}`);
      return [];
    });
  const archived = new Map<string, string>();
  const held = { turns: 0, messages: 0 };
  await inLanes(sessions, LANES, async ({ session_id: session, turns: count, status }) => {
    const turns = await turnsOf(session);
    if (status === "archived") archived.set(session, JSON.stringify(turns));
    held.turns += turns.length;
    held.messages += turns.reduce((sum, { output }) => sum + (output === null ? 1 : 2), 0);
    const where = `${account}/${session}`;
    if (turns.length !== count) torn.push(`${where}: ${turns.length} turns, said to be ${count}`);
    const { key } = placeOf(turns[0]?.call_id ?? "call_0");
    for (const [index, turn] of turns.entries()) {
      const place = placeOf(turn.call_id);
      if (place.key !== key || place.seq !== index + 1)
        torn.push(`${where}/${turn.call_id}: a gap`);
      const entry = entries.get(nameOf({ account, text: turn.input }));
      if (!entry || (entry.session !== null && entry.session !== session))
        torn.push(`${where}/${turn.call_id}: nobody asked this here`);
      else if (!isHonest(turn, entry))
        torn.push(
          `${where}/${turn.call_id}: ${turn.status}, answered ${JSON.stringify(turn.output)}`,
        );
      else if (turn.status === "completed")
        answered.set(entry, [...(answered.get(entry) ?? []), turn.call_id]);
    }
  });
  await restoreAll(url, account, [...archived.keys()]);
  await inLanes(archived, LANES, async ([session, before]) => {
    const turns = await turnsOf(session);
    if (JSON.stringify(turns) !== before)
      torn.push(`${account}/${session}: comes back from its archive as another`);
  });
  const live = await readAll<Session>(url, `/sessions?accountId=${account}&status=live`);
  if (live.length !== sessions.length)
    lost.push(`${account}: ${live.length} of ${sessions.length} sessions come back`);
  const stats = await readStats(url, account);
  const counted = `${stats.total_conversations} sessions, ${stats.total_turns} turns, ${stats.total_messages} messages`;
  const real = `${sessions.length} sessions, ${held.turns} turns, ${held.messages} messages`;
  if (counted !== real) torn.push(`${account}: counts ${counted}; holds ${real}`);
  if (stats.archived_conversations !== 0)
    torn.push(`${account}: ${stats.archived_conversations} sessions are live and archived`);
  // Segments of which every session came back go with the next sweep.
  await request(url, "POST", "/purge", {
    body: { accountId: account, older_than_days: OLDEST_DAYS },
  });
}

async function restoreAll(url: string, account: string, sessions: string[]): Promise<void> {
  for (let from = 0; from < sessions.length; from += RESTORED_AT_ONCE) {
    const session_ids = sessions.slice(from, from + RESTORED_AT_ONCE);
    await request(url, "POST", "/archives/restore", { body: { accountId: account, session_ids } });
  }
}

/** Answered with the whole answer, or marked as what it is. What was streamed of one that was cut off may be there. */
const isHonest = ({ status, output }: Turn, { answer }: Entry): boolean =>
  status === "completed"
    ? output === answer
    : status === "abandoned" && (output === null || answer.startsWith(output));

const nameOf = ({ account, text }: Pick<Entry, "account" | "text">): string => `${account}/${text}`;
