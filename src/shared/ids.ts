/** Ids that callers may bring: sessions, users, accounts. Safe as a path in R2 and as a key in KV. */
export const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_.:+@=-]{0,127}$/;
export const ID_RULE =
  "1 to 128 characters: a letter or digit, then letters, digits and _ . : + @ = -";

/** A session's turns share the upper bits of their id; the lower 20 count them from 1. */
export const TURNS_PER_SESSION = 2 ** 20;

/** `session_<ms>_<random>`: sorts by time, and cannot be guessed. */
export const mintSessionId = (now: number): string => mint("session", now);
export const mintConversationId = (now: number): string => mint("conv", now);
export const mintImportId = (now: number): string => mint("import", now);
export const mintBackupId = (now: number): string => mint("backup", now);

/** What the ids of chat completions begin with; source: the OpenAI API. */
export const COMPLETION_PREFIX = "chatcmpl-";
/** Of a session that is a chat completion. */
export const mintCompletionId = (now: number): string =>
  `${COMPLETION_PREFIX}${now}_${randomLetters()}`;
/** Of a chat completion of which nothing is kept. */
export const mintUnstoredCompletionId = (): string => `${COMPLETION_PREFIX}${randomLetters()}`;

const mint = (kind: string, now: number): string => `${kind}_${now}_${randomLetters()}`;

function randomLetters(): string {
  const random = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(random, (byte) => (byte % 36).toString(36)).join("");
}

export const turnId = (key: number, seq: number): number => key * TURNS_PER_SESSION + seq;
export const keyOf = (turn: number): number => Math.floor(turn / TURNS_PER_SESSION);
export const seqOf = (turn: number): number => turn % TURNS_PER_SESSION;

export const callId = (turn: number): string => `call_${turn.toString(36)}`;

/** The turn behind a `call_id`, or null when it is none of ours. */
export function parseCallId(id: string): number | null {
  const match = /^call_([0-9a-z]{1,11})$/.exec(id);
  const turn = match?.[1] ? Number.parseInt(match[1], 36) : Number.NaN;
  return Number.isSafeInteger(turn) && callId(turn) === id ? turn : null;
}
