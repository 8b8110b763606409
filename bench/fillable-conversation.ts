import { createHash } from "node:crypto";

import { accountRpc } from "../src/account/account-client.ts";
import { ConversationDO } from "../src/index.ts";
import { unwrap } from "../src/shared/errors.ts";
import { mintSessionId } from "../src/shared/ids.ts";
import { Prose } from "./prose.ts";
import { pieceLog } from "./search-pieces.ts";
import type { Piece } from "./search-pieces.ts";

export interface FillPlan {
  sessions: number;
  /** Of each session; a turn is two messages. */
  turns: number;
  message_bytes: number;
  /** So many sessions are under way side by side, a turn of each after the other. */
  together: number;
  /** When the first session begins, in ms since the epoch; each begins 1 ms after the one before. */
  at: number;
  seed: number;
  /** Of every session. */
  metadata?: Record<string, string>;
  /** One session in so many is of this user, from the one that began then on. */
  user?: { id: string; every: number; from: number };
}

/**
 * The product's object, and a quick way to fill it: the product's own `begin` and `settle`, called inside the object,
 * so that what lies on disk is what turns leave there.
 */
export class FillableConversationDO extends ConversationDO {
  /**
   * All in one commit, since nothing in it waits. Ask for some 10,000 turns at most, and evict the object afterwards:
   * timers that the turns left behind would go off one by one.
   *
   * @returns the ids of the sessions it made
   */
  async fill(plan: FillPlan): Promise<string[]> {
    const prose = new Prose(plan.seed);
    const ids = Array.from({ length: plan.sessions }, (_, index) => mintSessionId(plan.at + index));
    for (let first = 0; first < ids.length; first += plan.together) {
      const group = ids.slice(first, first + plan.together);
      for (let turn = 0; turn < plan.turns; turn += 1) {
        for (const [index, id] of group.entries()) {
          const at = plan.at + first + index;
          const { user } = plan;
          const isTheirs = user !== undefined && (at - user.from) % user.every === 0;
          await this.#turn(id, at, plan, prose, isTheirs ? user.id : undefined);
        }
      }
    }
    return ids;
  }

  /** Ends the object as an eviction does: the next call finds nothing in memory. */
  evict(): void {
    this.ctx.abort("evicted by the benchmark");
  }

  /** Loses all that SQLite holds, and ends. */
  async wipe(): Promise<void> {
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    this.ctx.abort("emptied by the benchmark");
  }

  /** @returns the pieces that searches ran since the last call */
  takePieces(): Piece[] {
    return pieceLog.take();
  }

  /** @returns how many turns there are, and a hash of all that is in them */
  digest(): string {
    const hash = createHash("sha256");
    let turns = 0;
    const rows = this.ctx.storage.sql.exec(
      `select s.session_id, t.id % 1048576, t.status, t.created_at, t.duration_ms, m.name, t.input_tokens,
         t.output_tokens, t.input, t.output from turns t join sessions s on s.key = t.id / 1048576
       left join models m on m.id = t.model order by s.session_id, t.id`,
    );
    for (const row of rows.raw()) {
      hash.update(JSON.stringify(row));
      turns += 1;
    }
    return `${turns}:${hash.digest("hex")}`;
  }

  async #turn(
    session_id: string,
    now: number,
    plan: FillPlan,
    prose: Prose,
    user_id: string | undefined,
  ): Promise<void> {
    const input = prose.write(plan.message_bytes);
    const begun = unwrap(
      await accountRpc(this).turns.begin(
        null,
        {
          session_id,
          new_session_id: session_id,
          models: ["local"],
          input,
          on_busy: "queue",
          user_id,
          metadata: plan.metadata,
        },
        now,
      ),
    );
    if (begun.kind !== "begun") throw new Error("the fill was answered with a replay");
    const outcome = {
      status: "completed",
      output: prose.write(plan.message_bytes),
      model: "local",
      input_tokens: 50,
      output_tokens: 50,
      duration_ms: 1_000,
    } as const;
    unwrap(await accountRpc(this).turns.settle(begun.turn, outcome, now));
  }
}
