import { createHash } from "node:crypto";

import { ID_PATTERN } from "../../shared/ids.ts";

const MOST = 128;
const HASH = 12;

/** An id of another system as one of ours: itself where it can be, else as near as may be, and never another's. */
export function toId(foreign: string): string {
  if (ID_PATTERN.test(foreign)) return foreign;
  const hash = createHash("sha256").update(foreign).digest("hex").slice(0, HASH);
  // Fewer characters than ids take: earlier imports named sessions so, and a repeated import finds them again.
  const kept = foreign.replaceAll(/[^A-Za-z0-9_.:+@=-]/g, "_").replace(/^[^A-Za-z0-9]+/, "");
  return `${kept.slice(0, MOST - HASH - 1) || "id"}.${hash}`;
}
