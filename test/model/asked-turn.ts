import type { Outcome } from "../../src/account/conversation/turn-contract.ts";

/** How a turn is asked, and how it ends. */
export interface Asked {
  session_id: string;
  text: string;
  /** Its idempotency key; null for none. */
  key: string | null;
  ends: Outcome["status"];
  /** Which of the odd answers it gets; a usual one otherwise. */
  odd?: number | null;
  /** A merge patch of the session's state. */
  patch: string | null;
}

/** Where a turn has to come, and whether its session had to come back for it. */
export interface Place {
  session_id: string;
  seq: number;
  restored: boolean;
  /** The turn that it is another try of: it is in its place, or is not shown to it. */
  retries?: number | undefined;
}
