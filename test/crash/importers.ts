import { RETRY_MS, oneOf, putOff, workOn } from "./crew.ts";
import type { Crew, Entry, Task } from "./crew.ts";

/** An import of all or nothing is one transaction; of the other kind, some batches of 1 MiB. */
const ATOMIC = { sessions: 12, turns: 20, padding: 1_000 };
const BATCHED = { sessions: 30, turns: 30, padding: 3_000 };
const PAUSE_MS = 2_500;
const CREATED_AT = "2026-06-01T10:00:00.000Z";

interface Import {
  id: string;
  account: string;
  mode: "atomic" | "skip_bad";
  entries: Entry[];
  body: string;
}

/** Import sessions, and after a crash go on with the same import. */
export function importSessions(crew: Crew, name: string, random: () => number): Promise<void> {
  let made = 0;
  const next = (): Task => {
    made += 1;
    const what = compose(`${name}-${made}`, oneOf(crew.accounts, random), made % 2 === 0);
    crew.log.push(...what.entries);
    let isCutOff = false;
    const attempt = async () => {
      if (isCutOff && !(await isWhole(crew, what))) return RETRY_MS;
      const { id, account, mode, body } = what;
      const path = `/import?accountId=${account}&mode=${mode}&import_id=${id}`;
      const answer = await crew.wire.send("import", "POST", path, { body });
      isCutOff = answer === null;
      if (answer?.status !== 200) return putOff(crew, id, answer);
      const { status, created, unchanged } = answer.body as Record<string, unknown>;
      const sessions = new Set(what.entries.map(({ session }) => session)).size;
      // What was there before the crash is not made again.
      if (status !== "complete" || Number(created) + Number(unchanged) !== sessions)
        crew.faults.torn.push(
          `${id}: ${sessions} sessions are imported as ${JSON.stringify(answer.body)}`,
        );
      for (const entry of what.entries) entry.callId = IMPORTED;
      crew.changes += 1;
      return null;
    };
    return { name: what.id, attempt };
  };
  return workOn(crew, random, next, PAUSE_MS);
}

/** Acknowledged without a call's id of its own. */
export const IMPORTED = "imported";

/** Before it is tried again: all or nothing, where that was asked for. @returns false where the server went away */
async function isWhole(crew: Crew, { id, account, mode, entries }: Import): Promise<boolean> {
  const sessions = [...new Set(entries.map(({ session }) => session))];
  let there = 0;
  for (const session of sessions) {
    const found = await crew.wire.look(`/sessions/${session}?accountId=${account}`);
    if (!found) return false;
    if (found.status === 200) there += 1;
  }
  if (mode === "atomic" && there !== 0 && there !== sessions.length)
    crew.faults.torn.push(`${id}: ${there} of ${sessions.length} sessions after a crash`);
  return true;
}

function compose(id: string, account: string, isAtomic: boolean): Import {
  const { sessions, turns, padding } = isAtomic ? ATOMIC : BATCHED;
  const entries: Entry[] = [];
  const lines: object[] = [];
  for (let index = 0; index < sessions; index += 1) {
    const session = `${id}-${index}`;
    lines.push({ type: "session", format: 6, session_id: session, turns });
    for (let turn = 0; turn < turns; turn += 1) {
      const text = `${session}-${turn}`;
      const answer = `${text} ${"wört ".repeat(padding / 5)}`;
      entries.push({ account, session, text, answer, callId: null });
      const created_at = new Date(Date.parse(CREATED_AT) + turn * 1_000).toISOString();
      lines.push({ type: "turn", created_at, input: text, output: answer });
    }
  }
  const body = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  return { id, account, mode: isAtomic ? "atomic" : "skip_bad", entries, body };
}
