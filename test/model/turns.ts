import { PLAIN } from "../../src/assistants/shipped.ts";
import { seqOf } from "../../src/shared/ids.ts";
import type { AccountRpc } from "../../src/account/rpc/facets.ts";
import type { Result } from "../../src/shared/errors.ts";
import type {
  BeginRequest,
  BeginResult,
  OpenTurn,
  Outcome,
} from "../../src/account/conversation/turn-contract.ts";
import { Broken, codeOf, granted, same } from "./account.ts";
import type { Account, Attempt } from "./account.ts";
import { ODD_ANSWERS } from "./odd-answers.ts";
import { keptTurn, patchState } from "./model.ts";
import type { Kept, KeptTurn } from "./model.ts";
import type { Asked, Place } from "./asked-turn.ts";

export const requestOf = ({ session_id, text, key, patch }: Asked): BeginRequest => ({
  session_id,
  new_session_id: "fresh",
  models: ["local"],
  input: text,
  on_busy: "queue",
  ...(key !== null && { idempotency: { key, hash: `${session_id} ${text}` } }),
  ...(patch !== null && { state_patch: patch }),
});

export const outcomeOf = ({ odd, ...asked }: Asked): Outcome => ({
  ...usualOutcome(asked),
  ...oddOf(odd, asked.ends)?.given,
});

const usualOutcome = ({ ends, text }: Pick<Asked, "ends" | "text">): Outcome => ({
  status: ends,
  output: ends === "failed" ? null : `You said ${text}`,
  model: "local",
  input_tokens: 1,
  output_tokens: 1,
  duration_ms: 5,
  ...(ends === "failed" && { error: { code: "model_failed", message: "It did" } }),
});

/** A turn that failed has no answer that could be odd. */
const oddOf = (odd: Asked["odd"], ends: Asked["ends"]) =>
  typeof odd !== "number" || ends === "failed" ? undefined : ODD_ANSWERS[odd];

/** What has to come of a begin: a refusal, a replay, or a turn in this place. */
type Expected = { code: string } | { replay: KeptTurn } | Place;

/** What the model says of a begin; brings the session back where that has to. */
export function expectBegin({ model }: Account, asked: Asked, now: number): Expected {
  const known = asked.key === null ? undefined : model.keys.get(asked.key);
  const session_id = known?.session_id ?? asked.session_id;
  if (known && known.asked !== `${asked.session_id} ${asked.text}`)
    return { code: "idempotency_mismatch" };
  const session = model.sessions.get(session_id);
  if (!session)
    return model.erased.has(session_id)
      ? { code: "session_erased" }
      : { session_id, seq: 1, restored: false };
  const restored = session.archived_at !== null;
  const told = known && session.turns.find(({ seq }) => seq === known.seq);
  // A replay leaves its session in the archive.
  if (told?.status === "completed") return { replay: told };
  model.bringBack(session_id, now);
  const last = session.turns.at(-1);
  // Another try of the last turn takes its place, one of an earlier turn comes behind. What a hold keeps stays.
  const isHeld = model.held || session.hold !== null;
  const retries = isHeld && told && told.output !== null ? undefined : told?.seq;
  if (last && last.seq === retries) return { session_id, seq: last.seq, restored: false, retries };
  // A repeat brought it back before the turn was begun.
  return { session_id, seq: (last?.seq ?? 0) + 1, restored: restored && !known, retries };
}

/** A begun turn is in its place, and was shown the end of the conversation before it. */
export function checkBegun(
  { model }: Account,
  begun: Extract<BeginResult, { kind: "begun" }>,
  place: Place,
): void {
  const { turn, window } = begun;
  same(`the place of a turn in ${place.session_id}`, seqOf(turn.turn_id), place.seq);
  same("the session of a turn", turn.session_id, place.session_id);
  // A begin that failed after its session came back finds it live.
  if (turn.restored && !place.restored) throw new Broken(`${place.session_id} was no archive`);
  const told = (model.sessions.get(place.session_id)?.turns ?? []).filter(
    ({ status, seq }) =>
      seq !== place.retries && (status === "completed" || status === "interrupted"),
  );
  const messages = told.flatMap(({ input, output }) => [
    { role: "user", content: input },
    { role: "assistant", content: output },
  ]);
  const shown = window.filter(({ role }) => role !== "system");
  same(`the window of ${place.session_id}`, shown, messages.slice(-shown.length || Infinity));
  same(`the length of the window`, shown.length, Math.min(PLAIN.window.messages, messages.length));
}

/** The turn that settling acknowledges. */
export function expectTurn(
  account: Account,
  asked: Asked,
  open: Pick<
    OpenTurn,
    "turn_id" | "session_id" | "restored" | "created_at" | "input" | "shown" | "frame"
  >,
): KeptTurn {
  const odd = oddOf(asked.odd, asked.ends);
  const { output, error, status, duration_ms, model, input_tokens, output_tokens } = {
    ...usualOutcome(asked),
    ...odd?.kept,
  };
  const session = account.model.sessions.get(open.session_id);
  let version = session?.version ?? 0;
  if (asked.patch !== null && status === "completed") {
    const copy = { state: session?.state ?? null, version } as Kept;
    patchState(copy, asked.patch);
    version = copy.version;
  }
  const extra = {
    ...(error && { error }),
    ...odd?.extra,
    ...(open.restored && { restored: true as const }),
    ...(asked.patch !== null && status === "completed" && { state_version: version }),
  };
  const { turn_id, created_at, input, shown, frame } = open;
  return keptTurn({
    id: turn_id,
    status,
    created_at,
    duration_ms,
    model,
    input_tokens,
    output_tokens,
    input,
    output,
    shown,
    ...(frame !== undefined && { frame }),
    extra,
  });
}

/** Settles a begun turn, and keeps what that acknowledged. */
export async function settle(
  account: Account,
  object: Pick<AccountRpc, "turns">,
  attempt: Attempt,
  { asked, open, place, now }: { asked: Asked; open: OpenTurn; place: Place; now: number },
): Promise<KeptTurn> {
  const expected = expectTurn(account, asked, open);
  const settled = await attempt(() => object.turns.settle(open, outcomeOf(asked), now));
  same("a settled turn", keptTurn(granted("settle", settled)), expected);
  account.keep(asked, expected, place);
  return expected;
}

/** Begins a turn and checks that against the model. @returns the open turn; null where there is none to settle */
export async function begin(
  account: Account,
  object: Pick<AccountRpc, "turns">,
  attempt: Attempt,
  asked: Asked,
  now: number,
): Promise<{ open: OpenTurn; place: Place } | null> {
  const expected = expectBegin(account, asked, now);
  const result = await attempt(() => object.turns.begin(null, requestOf(asked), now));
  const place = checkPlace(asked, expected, result);
  if (!place) return null;
  const { begun } = place;
  if (begun.kind !== "begun") throw new Broken(`${asked.session_id} got a replay of another turn`);
  checkBegun(account, begun, place);
  return { open: begun.turn, place };
}

/** What was begun and where that had to come; null for the refusal or the replay that it had to be. */
function checkPlace<B extends { kind: string }>(
  asked: Asked,
  expected: Expected,
  result: Result<B | Extract<BeginResult, { kind: "replay" }>>,
): (Place & { begun: B }) | null {
  if ("code" in expected) {
    same(`a begin in ${asked.session_id}`, codeOf(result), expected.code);
    return null;
  }
  const begun = granted(`a begin in ${asked.session_id}`, result);
  if (!("replay" in expected)) return { ...expected, begun: begun as B };
  if (begun.kind !== "replay") throw new Broken(`the key ${asked.key} had a second effect`);
  const { turn } = begun as Extract<BeginResult, { kind: "replay" }>;
  same(`the replay of ${asked.key}`, keptTurn(turn), expected.replay);
  return null;
}
