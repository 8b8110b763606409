import { describe, expect, it } from "vitest";

import { turnId } from "../../../src/shared/ids.ts";
import type { BeginResult } from "../../../src/account/conversation/turn-contract.ts";
import {
  heldVersions,
  insertHeldVersions,
} from "../../../src/account/store/sessions/held-versions.ts";
import { findSession } from "../../../src/account/store/sessions/sessions.ts";
import { factsOfSession, insertFacts } from "../../../src/account/store/sessions/user-facts.ts";
import { THEN, turnOf } from "../../support/archive.ts";
import { DONE, withDesk, refusal } from "../../support/desk.ts";

const fact = (seq: number) => ({
  fact_id: `fact_${seq}`,
  text: "Likes tea",
  seq,
  created_at: THEN,
  updated_at: THEN,
});

describe("a turn after another", () => {
  it("goes on in its session while that is the last, and in a copy else", () =>
    withDesk(async ({ begin, settled, lifecycle, turns }) => {
      const first = await settled();
      const second = await settled({ previous_turn_id: first.id, session_id: undefined });
      expect(second.id).toBe(first.id + 1);
      const third = await begin({ previous_turn_id: first.id, new_session_id: "copy" });
      expect(third).toMatchObject({
        turn: { session_id: "copy", turn_id: turnId(2, 2), new_session: false },
        window: [{ content: "Hi" }, { content: "Yes" }],
      });
      expect(turns.list(2, { order: "asc", limit: 9 })).toMatchObject([{ id: turnId(2, 1) }]);
      lifecycle.drop("copy");
      await begin({ previous_turn_id: second.id });
      expect(await begin({ previous_turn_id: second.id, new_session_id: "other" })).toMatchObject({
        turn: { session_id: "other" },
      });
    }));

  it("takes neither facts of the user nor what a hold keeps into its copy", () =>
    withDesk(async ({ begin, settled, db }) => {
      const first = await settled({ user_id: "ann" });
      await settled();
      insertFacts(db, 1, [fact(1), fact(2)]);
      insertHeldVersions(db, 1, [{ name: "state", value: "{}", replaced_at: THEN }]);
      await begin({ previous_turn_id: first.id, new_session_id: "copy" });
      const { key } = findSession(db, "copy")!;
      expect(factsOfSession(db, key)).toEqual([]);
      expect(heldVersions(db, key)).toEqual([]);
      expect(factsOfSession(db, 1)).toEqual([fact(1), fact(2)]);
      expect(heldVersions(db, 1)).toHaveLength(1);
    }));

  it("takes those that failed for nothing, up to twenty of them", () =>
    withDesk(async ({ begin, settled, lifecycle, turns }) => {
      const first = await settled();
      const failed = (seq: number) =>
        turns.insert(turnOf(turnId(1, seq), "Hi", { status: "failed", output: null }));
      for (let seq = 2; seq <= 20; seq += 1) failed(seq);
      expect(await begin({ previous_turn_id: first.id })).toMatchObject({
        turn: { session_id: "s" },
      });
      lifecycle.drop("s");
      failed(21);
      expect(await begin({ previous_turn_id: first.id })).toMatchObject({
        turn: { session_id: "fresh" },
      });
    }));

  it("forks the session when another turn was faster", () =>
    withDesk(async ({ begin, settled, lifecycle }) => {
      const first = await settled();
      const [a, b] = ["a", "b"].map((new_session_id) =>
        begin({ previous_turn_id: first.id, new_session_id, on_busy: "queue" }),
      );
      const faster = await a!;
      expect(faster).toMatchObject({ turn: { session_id: "s" } });
      const { turn } = faster as Extract<BeginResult, { kind: "begun" }>;
      await lifecycle.settle(turn, DONE, THEN);
      expect(await b).toMatchObject({ turn: { session_id: "b" } });
      expect([lifecycle.isBusy("s"), lifecycle.isBusy("b")]).toEqual([false, true]);
    }));

  it("is refused where the previous turn is unknown, another user's, failed, deleted or in progress", () =>
    withDesk(async ({ begin, settled, open, turns }) => {
      const gone = refusal("previous_response_not_found");
      await expect(begin({ previous_turn_id: turnId(9, 1) })).rejects.toEqual(gone);
      const turn = await settled({ user_id: "u" });
      await expect(begin({ previous_turn_id: turn.id + 1 })).rejects.toEqual(gone);
      const caller = { key: null, user_id: "v" };
      await expect(begin({ previous_turn_id: turn.id, caller })).rejects.toEqual(gone);
      const failed = await settled({ session_id: "t" }, { status: "failed", output: null });
      const param = "previous_response_id";
      await expect(begin({ previous_turn_id: failed.id })).rejects.toEqual(
        refusal("invalid_request", { param }),
      );
      await settled({ session_id: "u" });
      const begun = await open({ session_id: "u" });
      await expect(begin({ previous_turn_id: begun.turn_id })).rejects.toEqual(
        refusal("response_in_progress", { param, retry_after_ms: 1_000 }),
      );
      turns.update({ ...turn, extra: { response: { deleted: true } } });
      await expect(begin({ previous_turn_id: turn.id })).rejects.toEqual(gone);
    }));

  it("brings its session back from the archive", () =>
    withDesk(async ({ begin, settled, db, restored }) => {
      const turn = await settled();
      db.run("update sessions set segment = 1");
      expect(await begin({ previous_turn_id: turn.id })).toMatchObject({
        turn: { session_id: "s" },
      });
      expect(restored).toEqual(["s"]);
    }));

  it("leaves no copy where it is refused", () =>
    withDesk(async ({ begin, settled, db, lifecycle }) => {
      const first = await settled({ user_id: "u" });
      await settled();
      await expect(begin({ previous_turn_id: first.id, user_id: "v" })).rejects.toEqual(
        refusal("invalid_request"),
      );
      expect(findSession(db, "fresh")).toBeNull();
      expect(findSession(db, "s")).not.toBeNull();
      expect(lifecycle.isBusy("fresh")).toBe(false);
    }));

  it("makes a copy wherever it has to, and undoes no session that it did not make", () =>
    withDesk(async ({ begin, settled, db, turns }) => {
      const first = await settled({ user_id: "u" });
      const other = { previous_turn_id: first.id, user_id: "v" };
      await expect(begin({ ...other, new_session_id: "s" })).rejects.toEqual(
        refusal("invalid_request"),
      );
      expect(findSession(db, "s")).not.toBeNull();
      expect(turns.get(first.id)).not.toBeNull();
      await expect(begin({ ...other, always_forks: true })).rejects.toEqual(
        refusal("invalid_request"),
      );
      expect(findSession(db, "fresh")).toBeNull();
      const forked = { previous_turn_id: first.id, always_forks: true };
      await expect(begin({ ...forked, new_session_id: "s" })).rejects.toEqual(
        refusal("session_exists"),
      );
      expect(await begin(forked)).toMatchObject({ turn: { session_id: "fresh" } });
    }));

  it("counts its copy as a session", () =>
    withDesk(
      async ({ begin, settled }) => {
        const first = await settled();
        await settled();
        await begin({ session_id: "t" });
        await expect(begin({ previous_turn_id: first.id })).rejects.toEqual(
          refusal("quota_sessions"),
        );
      },
      { sessions: 2 },
    ));
});
