import type { components } from "../../client/index.ts";
import { Badge } from "../parts/badge.tsx";
import { number } from "../words.ts";

type Run = components["schemas"]["CronRun"];

/** A run in one word. */
export function RunState({ run: { error, queued_at, accounts, done, failures } }: { run: Run }) {
  if (error !== null) return <Badge tone="bad">broke off</Badge>;
  if (queued_at === null) return <Badge tone="warn">queuing</Badge>;
  if (done >= accounts) return <Badge tone="good">done</Badge>;
  return (
    <Badge tone={failures.length > 0 ? "bad" : "warn"}>
      {`${number(done)} of ${number(accounts)}`}
    </Badge>
  );
}
