import { ApiError } from "../../shared/errors.ts";
import { callId, keyOf } from "../../shared/ids.ts";
import type { Turn } from "../../shared/turn.ts";
import type { Database } from "../../sqlite/database.ts";
import { readValue } from "../store/account/account-values.ts";
import type { CallsMode } from "../store/account/account-values.ts";
import { putCall } from "../store/calls/calls.ts";
import { putOldRows } from "../store/calls/legacy-call-rows.ts";
import type { StoredRow } from "../store/calls/legacy-call-rows.ts";
import type { SystemPrompts } from "../store/turns/system-prompts.ts";
import type { Turns } from "../store/turns/turns.ts";
import { eventsOf } from "./call.ts";
import { ownRowsFor } from "./dual.ts";
import { callsMode } from "./mode.ts";

interface Parts {
  db: Database;
  turns: Turns;
  frames: SystemPrompts;
  deploymentMode: CallsMode;
}

/**
 * Writes the turns that Colloquy answers in the old schema too, where the account asks for it and both are written. Each
 * row of a request holds its window again.
 */
export class OwnTurnRows {
  readonly #parts: Parts;
  /** Null where it has to be read: a turn shall cost no row for it. */
  #isOn: boolean | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.db.onRollback(() => this.forget());
  }

  /** The account's setting was changed. */
  forget(): void {
    this.#isOn = null;
  }

  /** In the transaction that writes the turn's end. */
  settled(turn: Turn): void {
    const { db, turns, frames } = this.#parts;
    this.#isOn ??= readValue(db, "own_turns") !== null && callsMode(this.#parts) !== "new";
    if (!this.#isOn || turn.extra.call) return;
    const key = keyOf(turn.id);
    const system = turn.frame === undefined ? null : frames.text(key, turn.frame);
    const events = eventsOf(turn, system, (order, from, limit) =>
      turns.list(key, { order, from, limit }),
    );
    const rows = orNone(() => ownRowsFor(turn, events));
    if (rows.length === 0) return;
    // By this name erasing the turn finds its rows.
    putCall(db, callId(turn.id), turn.id);
    putOldRows(db, rows, turn.created_at);
  }
}

/** A window may be longer than a row takes. The turn is worth more than its rows: it is read without them. */
function orNone(rows: () => StoredRow[]): StoredRow[] {
  try {
    return rows();
  } catch (error) {
    if (error instanceof ApiError && error.code === "call_too_large") return [];
    throw error;
  }
}
