import { oneOf, putOff, workOn } from "./crew.ts";
import type { Crew, Task } from "./crew.ts";
import type { Kind } from "./wire.ts";

/** Idle for so long, and a sweep takes it: some 2 s, so that there is always something due. */
const OLDER_THAN_DAYS = 2 / 86_400;
const SWEEP_PAUSE_MS = 700;
const MOVE_PAUSE_MS = 100;
const RESTORED_AT_ONCE = 20;

/** Sweeps, archives and restores, whatever comes of it: none of them may change what is there. */
export function sweep(crew: Crew, random: () => number): Promise<void> {
  const next = once(crew, "sweep", () => ({
    path: "/purge",
    body: { accountId: oneOf(crew.accounts, random), older_than_days: OLDER_THAN_DAYS },
  }));
  return workOn(crew, random, next, SWEEP_PAUSE_MS);
}

export function archive(crew: Crew, random: () => number): Promise<void> {
  const next = once(crew, "archive", () => {
    const { account, session } = oneOf(crew.log, random);
    return session === null ? null : { path: `/sessions/${session}/archive?accountId=${account}` };
  });
  return workOn(crew, random, next, MOVE_PAUSE_MS);
}

export function restore(crew: Crew, random: () => number): Promise<void> {
  const next = once(crew, "restore", () => {
    const account = oneOf(crew.accounts, random);
    const session_ids = crew.log
      .filter((entry) => entry.account === account && entry.session !== null)
      .map(({ session }) => session as string)
      .slice(-RESTORED_AT_ONCE);
    if (session_ids.length === 0) return null;
    return { path: "/archives/restore", body: { accountId: account, session_ids } };
  });
  return workOn(crew, random, next, MOVE_PAUSE_MS);
}

function once(
  crew: Crew,
  kind: Kind,
  ask: () => { path: string; body?: object } | null,
): () => Task | null {
  let tries = 0;
  return () => {
    const asked = ask();
    if (!asked) return null;
    tries += 1;
    const name = `${kind}-${tries}`;
    const attempt = async () => {
      const { path, ...content } = asked;
      const answer = await crew.wire.send(kind, "POST", path, content);
      // A session that is not there yet, or has a turn on its way, is not archived.
      if (answer && answer.status !== 200) putOff(crew, name, answer, [404, 409, 503]);
      if (answer?.status === 200) crew.changes += 1;
      return null;
    };
    return { name, attempt };
  };
}
