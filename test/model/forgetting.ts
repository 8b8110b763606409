import * as fc from "fast-check";

import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";

import worker from "../../src/index.ts";
import { DAY } from "../support/client.ts";
import type { Result } from "../../src/shared/errors.ts";
import type { AccountRpc } from "../../src/account/rpc/facets.ts";
import { codeOf, granted, oneOf, same } from "./account.ts";
import type { Account } from "./account.ts";
import { command } from "./command.ts";
import type { Share } from "./command.ts";
import { atNextArchive } from "./faults.ts";
import { changeState, keptTurn } from "./model.ts";
import type { Model } from "./model.ts";
import { outcomeOf, requestOf } from "./turns.ts";

const HOUR = DAY / 24;

const missing = (model: Model, id: string, otherwise: string): string =>
  model.erased.has(id) ? "session_erased" : otherwise;

/** After a failure in the middle: what the session said is all there, live or archived. */
const unchanged = (account: Account, object: AccountRpc, id: string, now: number) => async () => {
  const kept = account.model.sessions.get(id);
  if (kept) await account.lookInside(object, id, kept, now);
};

const archive = command("archive", {}, async ({ now }, account, { id, fault }) => {
  const { model } = account;
  await account.inside(fault, async (object, attempt) => {
    const archived = await attempt(
      () => object.archives.archive(null, id, now),
      unchanged(account, object, id, now),
    );
    if (!model.sessions.has(id)) return same("to archive", codeOf(archived), "session_not_found");
    granted("to archive", archived);
    if (model.get(id).archived_at === null) model.archive(id, now);
    // Every other one is read back from R2 at once.
    return account.look(object, id, now, now % 2_000 === 0);
  });
});

const restore = command("restore", {}, async ({ now }, account, { id, fault }) => {
  const { model } = account;
  await account.inside(fault, async (object, attempt) => {
    const session = model.sessions.get(id);
    const turns = session?.archived_at == null ? null : session.turns.length;
    const restored = await attempt(
      () => object.archives.restore(null, id, now),
      unchanged(account, object, id, now),
    );
    if (!session)
      return same("to restore", codeOf(restored), missing(model, id, "archive_not_found"));
    // What failed after all was done has nothing left to do.
    const count = granted("to restore", restored);
    if (fault === null || count !== null) same(`turns back in ${id}`, count, turns);
    model.bringBack(id, now);
    return account.look(object, id, now, true);
  });
});

/** A retention pass, at some hour between three days ago and later on. */
const sweep = command<{ hours: number; olderThan: number | null }>(
  "sweep",
  {
    hours: fc.constantFrom(-72, 0, 0, 0, 240, 720, 721),
    olderThan: fc.option(fc.constantFrom(0, HOUR, DAY), { freq: 5 }),
  },
  async (world, account, { fault, hours, olderThan }) => {
    const { model } = account;
    const now = world.now + hours * HOUR;
    const first = { after: 0, so_far: { deleted: 0, errors: 0, bytes: 0 } };
    const due = model.due(now, olderThan ?? undefined);
    await account.inside(fault, async (object, attempt) => {
      const ask = () => object.archives.sweep(null, { now, older_than_ms: olderThan, ...first });
      let swept = granted("a sweep", await attempt(ask));
      if (fault === null) same("sessions that a sweep took", swept.archived, due.length);
      else {
        account.calm();
        // Nothing is lost by what failed, and the next sweep finishes.
        for (const id of due) await account.lookInside(object, id, model.get(id), now);
        swept = granted("another sweep", await ask());
      }
      same("what a sweep left", [swept.errors, swept.remaining], [0, 0]);
      model.sweep(now, olderThan ?? undefined);
      for (const id of model.sessions.keys()) await account.look(object, id, now);
    });
  },
);

/** The job of a sweep comes twice, with the maintenance behind it. */
const deliver = command("deliver twice", {}, async ({ now }, account) => {
  const { model } = account;
  const body = { type: "sweep", account_id: account.name, now };
  const sent: object[] = [];
  const JOBS = { send: (job: object) => Promise.resolve(sent.push(job)) } as unknown as Queue;
  for (const jobs of [[body, body], sent]) {
    const messages = jobs.map((job, index) => ({
      id: `m${index}`,
      timestamp: new Date(),
      attempts: 1,
      body: job,
    }));
    const batch = createMessageBatch("colloquy-jobs", messages);
    await worker.queue(batch, jobs === sent ? env : { ...env, JOBS });
    const { explicitAcks } = await getQueueResult(batch, createExecutionContext());
    same("acknowledged jobs", explicitAcks, ["m0", "m1"]);
  }
  model.sweep(now);
  for (const id of model.expired(now)) model.drop(id);
  await account.inside(null, async (object) => {
    const { data } = granted(
      "backups",
      await object.backups.list(null, { limit: 100, order: "asc" }),
    );
    const left = new Set(data.map(({ backup_id }) => backup_id));
    for (const [id, backup] of model.backups) {
      const mayGo = !model.held && backup.at < now - 30 * DAY;
      if (!mayGo || left.has(id)) same(`whether backup ${id} is there`, left.has(id), true);
      else model.backups.delete(id);
    }
    for (const id of model.sessions.keys()) await account.look(object, id, now);
  });
});

const erase = command("erase", {}, async ({ now }, account, { id, fault }) => {
  const { model } = account;
  await account.inside(fault, async (object, attempt) => {
    const session = model.sessions.get(id);
    let isGone = false;
    const erased = await attempt(
      () => object.erasure.eraseSession(null, id, now),
      async () => {
        isGone = codeOf(await object.sessions.get(null, id)) === "session_not_found";
        if (!isGone) await unchanged(account, object, id, now)();
      },
    );
    if (!session || isGone) same("to erase", codeOf(erased), "session_not_found");
    else if (model.held) return same("to erase", codeOf(erased), "account_held");
    else if (session.hold !== null) return same("to erase", codeOf(erased), "session_held");
    else same("erased turns", granted("to erase", erased).turns, session.turns.length);
    if (session) model.erase(id);
    return account.look(object, id, now);
  });
});

/** What is set of a session: pins, holds, metadata. */
const patch = command<{
  set: { pinned?: boolean; hold?: string | null; metadata?: Record<string, string | null> };
}>(
  "patch",
  {
    set: fc.constantFrom(
      { pinned: true },
      { pinned: false },
      { hold: "A case" },
      { hold: null },
      { hold: null },
      { metadata: { topic: "x", tier: "1" } },
      { metadata: { topic: null, more: "y" } },
    ),
  },
  async ({ now }, account, { id, fault, set }) => {
    const session = account.model.sessions.get(id);
    await account.inside(fault, async (object, attempt) => {
      const patched = await attempt(() => object.sessions.patch(null, id, set));
      if (!session) return same("to patch", codeOf(patched), "session_not_found");
      granted("to patch", patched);
      const { metadata = {}, ...flags } = set;
      Object.assign(session, flags);
      for (const [name, value] of Object.entries(metadata)) {
        if (value === null) delete session.metadata[name];
        else session.metadata[name] = value;
      }
      return account.look(object, id, now);
    });
  },
);

const holdAccount = command<{ hold: boolean }>(
  "hold the account",
  { hold: fc.constantFrom(true, false, false) },
  async ({ now }, account, { hold }) => {
    const configured = await account.rpc.settings.configure({ hold: hold ? "A case" : null }, now);
    granted("to configure", configured);
    account.model.held = hold;
  },
);

const RIVALS = ["archive", "archive", "sweep", "erase", "restore", "hold"] as const;

/** A turn comes while its session is archived, swept, erased, restored or held. Whoever is first, all or nothing. */
const race = command<{ rival: (typeof RIVALS)[number]; isFirst: boolean }>(
  "race",
  { rival: fc.constantFrom(...RIVALS), isFirst: fc.boolean() },
  async ({ now }, account, { id, rival, isFirst }) => {
    const { model } = account;
    const session = model.sessions.get(id);
    if (!session) return;
    const ask = {
      session_id: id,
      text: "race",
      key: null,
      ends: "completed",
      patch: null,
    } as const;
    const others = model.due(now, 0).filter((other) => other !== id);
    await account.inside(null, async (object) => {
      const turn = async () => {
        const begun = await object.turns.begin(null, requestOf(ask), now);
        if (!begun.ok || begun.value.kind !== "begun") return begun as Result<never>;
        return object.turns.settle(begun.value.turn, outcomeOf(ask), now);
      };
      const first = { after: 0, so_far: { deleted: 0, errors: 0, bytes: 0 } };
      const against = {
        archive: () => object.archives.archive(null, id, now),
        sweep: () => object.archives.sweep(null, { now, older_than_ms: 0, ...first }),
        erase: () => object.erasure.eraseSession(null, id, now),
        restore: () => object.archives.restore(null, id, now),
        hold: () => object.sessions.patch(null, id, { hold: "Raced" }),
      }[rival];
      const early = isFirst ? against() : null;
      const turning = turn();
      const met = await (early ?? against());
      const turned = await turning;
      if (rival === "sweep") {
        for (const other of others) model.archive(other, now);
      }
      if (rival === "hold") session.hold = "Raced";
      if (rival === "erase" && met.ok) {
        same("an erasure beside a turn", model.held || session.hold !== null, false);
        if (!turned.ok) oneOf("a turn beside an erasure", turned, ["session_erased", "turn_lost"]);
        model.erase(id);
        return account.look(object, id, now);
      }
      oneOf(`${rival} beside a turn`, met, ["ok", "session_busy", "session_held", "account_held"]);
      const kept = keptTurn(granted("a turn in a race", turned));
      const seq = (session.turns.at(-1)?.seq ?? 0) + 1;
      same("the place of a turn in a race", [kept.seq, kept.input], [seq, ask.text]);
      model.bringBack(id, now);
      account.keep(ask, kept, { session_id: id, seq, restored: false });
      const { status } = granted("a session", await object.sessions.get(null, id));
      if (status === "archived") {
        oneOf("what was archived beside a turn", met, ["ok"]);
        model.archive(id, now);
      }
      return account.look(object, id, now, true);
    });
  },
);

const CHANGES = ["turn", "metadata", "state", "pinned"] as const;

/** A session changes after it was read for its archive, and before its rows are deleted: it stays, as it is by then. */
const changedMeanwhile = command<{ by: "archive" | "sweep"; change: (typeof CHANGES)[number] }>(
  "changed meanwhile",
  { by: fc.constantFrom("archive", "sweep"), change: fc.constantFrom(...CHANGES) },
  async ({ now }, account, { id, by, change }) => {
    const { model } = account;
    const session = model.sessions.get(id);
    if (!session || session.archived_at !== null || model.held) return;
    if (by === "sweep" && !model.due(now, 0).includes(id)) return;
    const others = model.due(now, 0).filter((other) => other !== id);
    const ask = {
      session_id: id,
      text: "race",
      key: null,
      ends: "completed",
      patch: null,
    } as const;
    await account.inside(null, async (object) => {
      const make = {
        turn: async () => {
          const begun = granted("a begin", await object.turns.begin(null, requestOf(ask), now));
          if (begun.kind !== "begun") throw new Error("a turn without a key was a replay");
          const { turn } = begun;
          const kept = keptTurn(
            granted("a settle", await object.turns.settle(turn, outcomeOf(ask), now)),
          );
          account.keep(ask, kept, { session_id: id, seq: kept.seq, restored: false });
        },
        metadata: async () => {
          const metadata = { changed: `${now}` };
          granted("a patch", await object.sessions.patch(null, id, { metadata }));
          Object.assign(session.metadata, metadata);
        },
        state: async () => {
          const put = { kind: "put", json: JSON.stringify({ now }), if_match: "any" } as const;
          granted("a state", await object.sessions.changeState(null, id, put, now));
          changeState(session, put.json);
        },
        pinned: async () => {
          session.pinned = !session.pinned;
          granted("a pin", await object.sessions.patch(null, id, { pinned: session.pinned }));
        },
      }[change];
      let isChanged = false;
      const stop = atNextArchive(account.name, async () => {
        isChanged = true;
        await make();
      });
      const first = { after: 0, so_far: { deleted: 0, errors: 0, bytes: 0 } };
      const met =
        by === "archive"
          ? await object.archives.archive(null, id, now)
          : await object.archives.sweep(null, { now, older_than_ms: 0, ...first });
      stop();
      same("whether it was written to R2", isChanged, true);
      if (by === "archive") same("an archive of what changed", codeOf(met), "session_busy");
      else {
        granted("a sweep", met as Result<unknown>);
        for (const other of others) model.archive(other, now);
      }
      return account.look(object, id, now, true);
    });
  },
);

/** Time passes for everybody. */
const advance = command<{ hours: number }>(
  "advance the clock",
  { hours: fc.constantFrom(1, 5, 24, 24, 240, 720) },
  (world, _account, { hours }) => {
    world.now += hours * HOUR;
    return Promise.resolve();
  },
);

export const forgetting: Share[] = [
  [20, archive],
  [20, restore],
  [8, sweep],
  [2, deliver],
  [10, erase],
  [90, patch],
  [10, holdAccount],
  [15, race],
  [15, changedMeanwhile],
  [30, advance],
];
