import type { Comparison } from "../account/calls/compare.ts";
import { log } from "../observe/log.ts";
import { count } from "../observe/metrics.ts";

/** Logs each call that is not what its old rows say, and counts what was compared. */
export function noteComparison(account_id: string, { compared, mismatches }: Comparison): void {
  count("calls_compared_total", {}, compared);
  count("calls_mismatched_total", {}, mismatches.length);
  for (const { call_id, differences } of mismatches)
    log("calls.mismatch", "[Calls] A call is not what its old rows say", {
      account_id,
      call_id,
      differences: differences.join(" "),
    });
}
