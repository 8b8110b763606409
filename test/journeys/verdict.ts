import { placeOf, readAll, readStats, readTurns } from "./client.ts";
import type { Session, Turn } from "./client.ts";
import { inLanes } from "./lanes.ts";
import { answerTo } from "./stand-in.ts";
import type { Entry } from "./writers.ts";

const LANES = 8;
const SHOWN = 300;

/** What the server holds, against what its writers remember. */
export interface Verdict {
  acknowledged: number;
  /** Acknowledged and not there, or not as it was acknowledged. */
  lost: string[];
  /** Answered more than once. */
  doubled: string[];
  /** Neither whole nor honestly marked: gaps, half turns, foreign text, counters that disagree. */
  torn: string[];
  /** Tries that a crash cut off after their begin, and whose retry is another turn. They say so themselves. */
  abandoned: number;
}

/** Reads every session of every account. */
export async function judge(
  url: string,
  accounts: readonly string[],
  log: readonly Entry[],
): Promise<Verdict> {
  const verdict: Verdict = { acknowledged: 0, lost: [], doubled: [], torn: [], abandoned: 0 };
  const answered = new Map<string, Turn[]>();
  const known = new Set(log.map(placed));

  for (const account of accounts) {
    const sessions = await readAll<Session>(url, `/sessions?accountId=${account}`);
    const held = { turns: 0, messages: 0 };
    await inLanes(sessions, LANES, async ({ session_id: session, turns: count }) => {
      const turns = await readTurns(url, account, session);
      held.turns += turns.length;
      if (turns.length !== count)
        verdict.torn.push(`${account}/${session}: ${turns.length} turns, said to be ${count}`);
      const { key } = placeOf(turns[0]?.call_id ?? "call_0");
      for (const [index, turn] of turns.entries()) {
        const where = `${account}/${session}/${turn.call_id}`;
        const place = placeOf(turn.call_id);
        held.messages += turn.output === null ? 1 : 2;
        if (place.key !== key || place.seq !== index + 1) verdict.torn.push(`${where}: a gap`);
        const name = placed({ account, session, text: turn.input });
        if (!known.has(name)) verdict.torn.push(`${where}: nobody wrote this`);
        if (turn.status === "completed") {
          if (turn.output !== answerTo(turn.input))
            verdict.torn.push(`${where}: another's answer, or half of one`);
          const before = answered.get(name);
          if (before) before.push(turn);
          else answered.set(name, [turn]);
        } else if (turn.status === "abandoned" && turn.output === null) {
          verdict.abandoned += 1;
        } else {
          verdict.torn.push(`${where}: ${turn.status}`);
        }
      }
    });
    const stats = await readStats(url, account);
    const counted = `${stats.total_conversations} sessions, ${stats.total_turns} turns, ${stats.total_messages} messages`;
    const real = `${sessions.length} sessions, ${held.turns} turns, ${held.messages} messages`;
    if (counted !== real) verdict.torn.push(`${account}: counts ${counted}; holds ${real}`);
  }

  for (const entry of log) {
    const turns = answered.get(placed(entry)) ?? [];
    const [turn] = turns;
    if (turns.length > 1)
      verdict.doubled.push(`${entry.key}: ${turns.map(({ call_id }) => call_id).join(", ")}`);
    if (!entry.reply) continue;
    verdict.acknowledged += 1;
    const { call_id, response } = entry.reply;
    if (!turns.some((each) => each.call_id === call_id && each.output === response)) {
      verdict.lost.push(
        `${entry.key} in ${entry.account}/${entry.session}: acknowledged as ${call_id}, found as ${turn?.call_id ?? "nothing"}`,
      );
    }
  }
  return verdict;
}

/** The sentence of it, with the first of each kind of fault. */
export function describe({ acknowledged, lost, doubled, torn, abandoned }: Verdict): string {
  const faults = [...lost.slice(0, 5), ...doubled.slice(0, 5), ...torn.slice(0, 5)];
  return [
    `acknowledged ${acknowledged}, lost ${lost.length}, doubled ${doubled.length}, torn ${torn.length} (${abandoned} first tries marked abandoned)`,
    ...faults.map((fault) => `    ${fault.slice(0, SHOWN)}`),
  ].join("\n");
}

const placed = ({ account, session, text }: Pick<Entry, "account" | "session" | "text">): string =>
  `${account}/${session}/${text}`;
