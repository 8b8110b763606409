import type { CronRun, RunProgress } from "./cron-runs-table.ts";
import type { FailingAccount, Maintained } from "./failing-maintenance.ts";
import type { FailedJob } from "./failed-jobs-table.ts";
import type { OpenCircuit } from "./operations-table.ts";

/** What a batch of jobs did, in one RPC. */
export interface JobsReport {
  failed: FailedJob[];
  /** By the id of the cron's run. */
  runs: [runId: string, progress: RunProgress][];
  /** An older Worker sends none. */
  maintained?: Maintained[];
  /** Ms since the epoch. */
  now: number;
}

/** What the deployment's object knows, for an operator's first look. */
export interface OperationsView {
  circuits: OpenCircuit[];
  /** How many jobs were given up. */
  dead_letters: number;
  /** The accounts whose last maintenance had errors. An older object tells none. */
  failing_maintenance?: FailingAccount[];
  /** The last runs of crons, newest first. */
  runs: CronRun[];
}
