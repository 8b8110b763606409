import { findAssistant } from "../assistants/resolve.ts";
import { DEFAULT_ASSISTANT } from "../assistants/assistant.ts";
import { keyOf, mintFactId, seqOf } from "../shared/ids.ts";
import { messagesOf } from "../shared/items.ts";
import { dayOf } from "../shared/time.ts";
import { isVisible } from "../shared/turn.ts";
import { USER_FACTS } from "../shared/user-facts.ts";
import { wholeCharactersEnd } from "../shared/whole-characters.ts";
import { ApiError } from "../shared/errors.ts";
import type { AccountServices } from "./account-services.ts";
import {
  countExtractions,
  endExtraction,
  findExtraction,
  noteExtraction,
} from "./store/sessions/fact-extractions.ts";
import { findDetails, sessionByKey } from "./store/sessions/sessions.ts";
import { countFacts, factOfText, factsForRole, insertFacts } from "./store/sessions/user-facts.ts";

/** Turns of one user, and of the whole account, whose facts a model is asked for on one UTC day. */
const USER_TURNS_PER_DAY = 50;
const ACCOUNT_TURNS_PER_DAY = 5_000;
/** How often a model is asked for the facts of one turn. */
const ATTEMPTS = 3;
/** So much of what a user said is read, in UTF-16 units. */
const READ_LENGTH = 8_000;

/** Input of the model that takes facts out of a turn. */
export interface ExtractionWork {
  session_id: string;
  /** What the user said, as the assistant's policies left it. */
  said: string;
  /** What is known already. */
  known: string[];
  /** In order of preference. */
  models: string[];
}

/**
 * Begins to take facts out of a turn. Notes the attempt: redelivered jobs count as well.
 *
 * @param deploymentModels - for an assistant without models of its own
 * @returns null where there is nothing to do: the turn is gone, done, or past a bound, or the assistant has it off
 */
export function beginFactExtraction(
  { db, turns, assistants, quotas }: AccountServices,
  turn_id: number,
  deploymentModels: string[],
  now: number,
): ExtractionWork | null {
  const session = sessionByKey(db, keyOf(turn_id));
  if (!session || session.segment !== null) return null;
  const turn = turns.get(turn_id);
  const isAnswered = turn?.status === "completed" && isVisible(turn);
  if (!isAnswered || turn.extra.policy?.outcome === "blocked") return null;
  const details = findDetails(db, session.key);
  const user_id = details?.user_id ?? null;
  if (user_id === null) return null;
  const assistant = findAssistant(assistants.list(), details?.assistant ?? DEFAULT_ASSISTANT);
  const { memory } = assistant;
  const whole = messagesOf(turn.input, "user")
    .filter(({ role }) => role === "user")
    .map(({ content }) => content)
    .join("\n")
    .trim();
  if (!memory.extract || whole === "") return null;
  const said = whole.slice(0, wholeCharactersEnd(whole, Math.min(whole.length, READ_LENGTH)));
  const day = dayOf(now);
  const before = findExtraction(db, turn_id);
  if (before && (before.done !== 0 || before.attempts >= ATTEMPTS)) return null;
  const isFull =
    countFacts(db, { user_id }) >= USER_FACTS ||
    countExtractions(db, day, user_id) >= USER_TURNS_PER_DAY ||
    countExtractions(db, day, null) >= ACCOUNT_TURNS_PER_DAY;
  if (isFull || !hasRoom(quotas)) return null;
  db.transaction(() => noteExtraction(db, { turn_id, user_id, day }));
  return {
    session_id: session.session_id,
    said,
    known: factsForRole(db, user_id, details?.role ?? null).map(({ text }) => text),
    models: memory.model === null ? (assistant.models ?? deploymentModels) : [memory.model],
  };
}

/**
 * Stores the facts of a turn, once. Nothing is stored where the turn was erased or changed meanwhile: its row is gone then.
 *
 * @param texts - bounded and well-formed
 * @returns how many are stored
 */
export function endFactExtraction(
  { db, quotas }: AccountServices,
  turn_id: number,
  texts: readonly string[],
  now: number,
): number {
  return db.transaction(() => {
    const row = findExtraction(db, turn_id);
    if (!row || row.done !== 0) return 0;
    endExtraction(db, turn_id);
    const { user_id } = row;
    const key = keyOf(turn_id);
    const role = findDetails(db, key)?.role ?? undefined;
    let stored = 0;
    for (const text of hasRoom(quotas) ? texts : []) {
      if (factOfText(db, { user_id, role }, text)) continue;
      if (countFacts(db, { user_id }) >= USER_FACTS) break;
      const times = { created_at: now, updated_at: now };
      insertFacts(db, key, [{ fact_id: mintFactId(), text, seq: seqOf(turn_id), ...times }]);
      stored += 1;
    }
    return stored;
  });
}

/** A full account takes no facts, and its jobs do not fail for it. */
function hasRoom(quotas: AccountServices["quotas"]): boolean {
  try {
    quotas.checkBytes();
    return true;
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}
