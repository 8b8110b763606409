import { readAll } from "../journeys/client.ts";
import { eventually } from "../journeys/expect.ts";
import { RETRY_MS, oneOf, putOff, workOn } from "./crew.ts";
import type { Crew, Task } from "./crew.ts";
import { request } from "./wire.ts";

const PAUSE_MS = 1_500;
const FINISHED_MS = 30_000;
/** As in wrangler.toml. */
const MAINTENANCE = encodeURIComponent("0 * * * *");

interface Backup {
  backup_id: string;
  status: "running" | "complete";
  turns: number;
  skipped: unknown[];
}

/** Makes backups. What a crash cut off, the maintenance finishes. */
export class Backups {
  readonly #crew: Crew;
  /** By backup: how many turns of its account were acknowledged before it began. */
  readonly #least = new Map<string, number>();

  constructor(crew: Crew) {
    this.#crew = crew;
  }

  make(random: () => number): Promise<void> {
    let made = 0;
    const next = (): Task => {
      made += 1;
      const name = `backup-${made}`;
      const account = oneOf(this.#crew.accounts, random);
      return { name, attempt: () => this.#attempt(name, account) };
    };
    return workOn(this.#crew, random, next, PAUSE_MS);
  }

  async #attempt(name: string, account: string): Promise<number | null> {
    const { wire, log } = this.#crew;
    const least = log.filter(
      (entry) => entry.account === account && entry.callId !== null && !entry.isQueued,
    ).length;
    const path = `/backups?accountId=${account}`;
    const answer = await wire.send("backup", "POST", path, { body: {} });
    if (answer?.status === 201) {
      this.#least.set((answer.body as Backup).backup_id, least);
      this.#crew.changes += 1;
      return null;
    }
    const isRunning = (answer?.body as { code?: string } | undefined)?.code === "backup_running";
    if (isRunning) await wire.during("backup", maintain);
    return answer ? putOff(this.#crew, name, answer) : RETRY_MS;
  }

  /** Every one is whole in the end, and holds what was acknowledged before it; then they go. */
  async judge(url: string): Promise<void> {
    const { accounts, faults } = this.#crew;
    const list = async () => {
      const lists = accounts.map(async (account) => {
        const backups = await readAll<Backup>(url, `/backups?accountId=${account}`);
        return backups.map((backup) => ({ account, ...backup }));
      });
      return (await Promise.all(lists)).flat();
    };
    await maintain(url);
    const backups = await eventually(
      "backups that were cut off are finished",
      FINISHED_MS,
      async () => {
        const all = await list();
        return all.every(({ status }) => status === "complete") ? all : null;
      },
    );
    for (const { account, backup_id, turns, skipped } of backups) {
      const path = `/backups/${backup_id}`;
      const verified = await request(url, "POST", `${path}/verify?accountId=${account}`);
      const { valid } = verified.body as { valid: boolean };
      if (!valid || skipped.length > 0)
        faults.torn.push(`${account}/${backup_id}: ${JSON.stringify(verified.body)}`);
      if (turns < (this.#least.get(backup_id) ?? 0))
        faults.lost.push(
          `${account}/${backup_id}: ${turns} turns, of ${this.#least.get(backup_id)}`,
        );
      await request(url, "DELETE", `${path}?accountId=${account}`);
    }
    const there = new Set(backups.map(({ backup_id }) => backup_id));
    for (const backupId of this.#least.keys())
      if (!there.has(backupId)) faults.lost.push(`${backupId} is not there`);
  }
}

/** The maintenance runs in the hours that begin a period of CLEANUP_INTERVAL_HOURS, 6 by default. In milliseconds. */
const PERIOD_MS = 6 * 60 * 60_000;
const nextPeriod = (now: number): number => now - (now % PERIOD_MS) + PERIOD_MS;

/** As the cron does. */
async function maintain(url: string): Promise<void> {
  const path = `/cdn-cgi/handler/scheduled?cron=${MAINTENANCE}&time=${nextPeriod(Date.now())}`;
  await fetch(`${url}${path}`);
}
