import * as fc from "fast-check";

import { Broken, codeOf, granted, same } from "./account.ts";
import { command } from "./command.ts";
import type { Share } from "./command.ts";
import { keptTurn } from "./model.ts";
import { ODD_ANSWERS } from "./odd-answers.ts";
import { begin, expectTurn, outcomeOf, requestOf, settle } from "./turns.ts";
import type { Asked } from "./asked-turn.ts";

export const WORDS = ["alpha", "bravo", "charlie", "delta", "Écho"];
/** What must not be taken for anything but text. */
export const HOSTILE = [
  'say "bravo" NOT delta',
  "alpha:bravo -x* (delta)",
  "O'Hara'); drop table turns; --",
  '"" alpha OR',
  "漢字 😀 naïve",
];
const words = fc
  .array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 3 })
  .map((some) => some.join(" "));

/** With an answer that repeats it, more than fits into one row. Searches ask for no word of it. */
const LONG = `long ${"ab".repeat(500_000)} end`;
/** With an answer that repeats it, more than fits into one row of the search index. */
const LONG_WORDS = `alpha ${"pear ".repeat(20_000)}zebra`;

type Params = Omit<Asked, "session_id">;
const asked = {
  text: fc.oneof(
    { weight: 4, arbitrary: words },
    { weight: 1, arbitrary: fc.constantFrom(...HOSTILE) },
  ),
  key: fc.option(fc.constantFrom("k0", "k1", "k2", "k3", "k4"), { freq: 3 }),
  ends: fc.constantFrom<Asked["ends"]>(
    "completed",
    "completed",
    "completed",
    "failed",
    "interrupted",
  ),
  odd: fc.oneof(
    { weight: 5, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.nat(ODD_ANSWERS.length - 1) },
  ),
  patch: fc.option(fc.constantFrom('{"step":1}', '{"step":2,"name":"x"}', '{"name":null}', "{}"), {
    freq: 4,
  }),
};

/** A turn, from begin to settle; now and then its settle comes twice. */
const turn = command<Params & { twice: boolean }>(
  "turn",
  { ...asked, twice: fc.boolean() },
  async ({ now }, account, { id, fault, twice, ...rest }) => {
    const ask = { ...rest, session_id: id };
    await account.inside(fault, async (object, attempt) => {
      const begun = await begin(account, object, attempt, ask, now);
      if (!begun) return account.look(object, id, now);
      const settled = await settle(account, object, attempt, { asked: ask, ...begun, now });
      if (twice) {
        const again = await attempt(() => object.turns.settle(begun.open, outcomeOf(ask), now));
        same("a settle that came twice", keptTurn(granted("a settle", again)), settled);
      }
      return account.look(object, begun.place.session_id, now);
    });
  },
);

/** A key that was used comes again: as it was, or with another question. */
const retry = command<{ pick: number; other: boolean; ends: Asked["ends"] }>(
  "retry",
  { pick: fc.nat(10), other: fc.boolean(), ends: asked.ends },
  async ({ now }, account, { id, fault, pick, other, ends }) => {
    const keys = [...account.model.keys];
    const [key, known] = keys[pick % keys.length] ?? [];
    if (key === undefined || !known) return;
    const [session_id = id, ...said] = known.asked.split(" ");
    const ask = { session_id, text: other ? "another" : said.join(" "), key, ends, patch: null };
    await account.inside(fault, async (object, attempt) => {
      const begun = await begin(account, object, attempt, ask, now);
      if (begun) await settle(account, object, attempt, { asked: ask, ...begun, now });
      await account.look(object, begun?.place.session_id ?? known.session_id, now);
    });
  },
);

/** Two turns of a session at once: the second waits, or is turned away; a key on its way has no second effect. */
const together = command<Params & { how: "queue" | "reject" | "key" }>(
  "two at once",
  { ...asked, how: fc.constantFrom("queue", "queue", "reject", "key") },
  async ({ now }, account, { id, how, text, key, ends, patch }) => {
    const first = { session_id: id, text, key: how === "key" ? `own-${now}` : key, ends, patch };
    const second = { ...first, key: null, text: "second", patch: null, ends: "completed" } as const;
    await account.inside(null, async (object, attempt) => {
      const begun = await begin(account, object, attempt, first, now);
      if (!begun) return account.look(object, id, now);
      const { place } = begun;
      const request = {
        ...requestOf(how === "key" ? first : second),
        session_id: place.session_id,
      };
      if (how !== "queue") {
        const refused = await object.turns.begin(null, { ...request, on_busy: "reject" }, now);
        const code = how === "key" ? "idempotency_in_flight" : "session_busy";
        same("a turn beside another", codeOf(refused), code);
        await settle(account, object, attempt, { asked: first, ...begun, now });
        return account.look(object, place.session_id, now);
      }
      const waiting = object.turns.begin(null, request, now);
      await settle(account, object, attempt, { asked: first, ...begun, now });
      const next = granted("a turn in line", await waiting);
      if (next.kind !== "begun") throw new Broken("a turn without a key was a replay");
      const behind = { ...place, seq: place.seq + 1, restored: false };
      same("the session of a turn in line", next.turn.session_id, place.session_id);
      await settle(account, object, attempt, {
        asked: second,
        open: next.turn,
        place: behind,
        now,
      });
      return account.look(object, place.session_id, now);
    });
  },
);

/**
 * The object is evicted between begin and settle, with the begin written or not. Then the settle comes, or not in time:
 * the turn is abandoned, and a settle that is late changes nothing.
 */
const evictedTurn = command<Params & { written: boolean; late: boolean }>(
  "evicted turn",
  { ...asked, written: fc.boolean(), late: fc.boolean() },
  async ({ now }, account, { id, written, late, text, key, ends, patch }) => {
    const ask = { session_id: id, text, key, ends, patch };
    const once = await account.inside(null, async (object, attempt) => {
      const begun = await begin(account, object, attempt, ask, now);
      // Asking for a completion writes what its session has on its way.
      if (begun && (written || late))
        await object.responses.completion(null, begun.place.session_id, now);
      return begun;
    });
    if (!once) return;
    const { open, place } = once;
    await account.evict();
    if (!late) {
      await account.inside(null, async (object, attempt) => {
        await settle(account, object, attempt, { asked: ask, open, place, now });
        await account.look(object, place.session_id, now);
      });
      return;
    }
    await account.expireLeases();
    await account.inside(null, async (object) => {
      const settled = await object.turns.settle(open, outcomeOf(ask), now);
      same("a settle that is late", codeOf(settled), "turn_lost");
      const abandoned = { ...ask, ends: "failed" as const };
      const { extra, ...kept } = expectTurn(account, abandoned, open);
      const { error: _error, ...others } = extra;
      const unanswered = {
        status: "abandoned" as const,
        duration_ms: null,
        model: null,
        input_tokens: null,
        output_tokens: null,
      };
      account.keep(abandoned, { ...kept, ...unanswered, extra: others }, place);
      await account.look(object, place.session_id, now);
    });
  },
);

/** A turn that does not fit into one row, of its table or of the search index. What fails has no answer, and fits. */
const longTurn = command<{ text: string; ends: Asked["ends"]; evicts: boolean }>(
  "long turn",
  { text: fc.constantFrom(LONG, LONG_WORDS), ends: asked.ends, evicts: fc.boolean() },
  async ({ now }, account, { id, fault, text, ends, evicts }) => {
    const ask = { session_id: id, text, key: null, ends, patch: null };
    const place = await account.inside(fault, async (object, attempt) => {
      const begun = await begin(account, object, attempt, ask, now);
      if (begun) await settle(account, object, attempt, { asked: ask, ...begun, now });
      return begun?.place;
    });
    if (evicts) await account.evict();
    await account.look(account.rpc, place?.session_id ?? id, now);
  },
);

/** The object loses its memory. */
const evict = command("evict", {}, async ({ now }, account, { id }) => {
  await account.evict();
  await account.look(account.rpc, id, now);
});

export const asking: Share[] = [
  [360, turn],
  [90, retry],
  [40, together],
  [6, evictedTurn],
  [10, longTurn],
  [8, evict],
];
