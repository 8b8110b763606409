import type { DoorTo } from "./door.ts";
import type { FillPlan } from "./fillable-conversation.ts";

/** What one commit of a fill holds at most. */
const TURNS_AT_ONCE = 10_000;

/** Fills an account, and leaves its object asleep. @returns the ids of the sessions */
export async function fill(
  door: DoorTo,
  account: string,
  plan: Omit<FillPlan, "seed">,
): Promise<string[]> {
  const chunk = Math.max(1, Math.floor(TURNS_AT_ONCE / plan.turns));
  const ids: string[] = [];
  while (ids.length < plan.sessions) {
    const sessions = Math.min(chunk, plan.sessions - ids.length);
    const at = plan.at + ids.length;
    ids.push(...(await door("fill", account, { ...plan, sessions, at, seed: at })));
    await door("evict", account, {});
  }
  return ids;
}
