/**
 * Ids that callers may choose: of sessions, users and accounts, also those of Telegram, Teams, Slack, Matrix and Auth0.
 * A slash parts an account from its user and its objects. A dot does not come first: `..` would climb.
 */
export const ID_PATTERN = /^[A-Za-z0-9+@!-][A-Za-z0-9_.:;|+@!=-]{0,127}$/;
export const ID_RULE =
  "1 to 128 characters: a letter, a digit or + @ ! -, then letters, digits and _ . : ; | + @ ! = -";

/** Where an account's data may be kept: in any place unless it says so. Source: Cloudflare's Durable Objects. */
export const JURISDICTIONS = ["eu", "us"] as const;
export type Jurisdiction = (typeof JURISDICTIONS)[number];

/** An account's id says where its data stays, after a character that no id had before: `acme~eu`. */
export const ACCOUNT_ID_PATTERN = new RegExp(
  `^(?=.{1,128}$)${ID_PATTERN.source.slice(1, -1)}(?:~(?:${JURISDICTIONS.join("|")}))?$`,
);
export const ACCOUNT_ID_RULE = `${ID_RULE}; at its end ~eu or ~us keeps the account's data there`;

/** The jurisdiction of an account; null for none. */
export const jurisdictionOf = (accountId: string): Jurisdiction | null =>
  JURISDICTIONS.find((each) => accountId.endsWith(`~${each}`)) ?? null;

/** An id in a path of R2. The characters that ids had at first stand for themselves: objects are named by them. */
export const toPathSegment = (id: string): string =>
  id.replaceAll(
    /[^A-Za-z0-9_.:+@=-]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );

/** A session's turns share the upper bits of their id; the lower 20 count them from 1. */
export const TURNS_PER_SESSION = 2 ** 20;

/** `session_<ms>_<random>`: sorts by time, and cannot be guessed. */
export const mintSessionId = (now: number): string => mint("session", now);
export const mintConversationId = (now: number): string => mint("conv", now);
export const mintImportId = (now: number): string => mint("import", now);
/** @param end - the same for each request of one idempotency key */
export const mintBackupId = (now: number, end?: string): string => mint("backup", now, end);

/** The beginning of a chat completion's id. Source: the OpenAI API. */
export const COMPLETION_PREFIX = "chatcmpl-";
/** The id of a session that holds a chat completion. */
export const mintCompletionId = (now: number): string =>
  `${COMPLETION_PREFIX}${now}_${randomLetters()}`;
/** The id of a chat completion that is not stored. */
export const mintUnstoredCompletionId = (): string => `${COMPLETION_PREFIX}${randomLetters()}`;

/** The id of a fact of a user: it cannot be guessed. */
export const mintFactId = (): string => `fact_${randomLetters()}${randomLetters()}`;
export const FACT_ID_PATTERN = /^fact_[0-9a-z]{1,64}$/;

const mint = (kind: string, now: number, end = randomLetters()): string => `${kind}_${now}_${end}`;

function randomLetters(): string {
  const random = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(random, (byte) => (byte % 36).toString(36)).join("");
}

export const turnId = (key: number, seq: number): number => key * TURNS_PER_SESSION + seq;
export const keyOf = (turn: number): number => Math.floor(turn / TURNS_PER_SESSION);
export const seqOf = (turn: number): number => turn % TURNS_PER_SESSION;
/** Whether no turn of the session comes before it. */
export const isFirstTurn = (turn: number): boolean => seqOf(turn) === 1;

export const callId = (turn: number): string => `call_${turn.toString(36)}`;

/** The turn of a `call_id`; null for an id that Colloquy did not make. */
export function parseCallId(id: string): number | null {
  const match = /^call_([0-9a-z]{1,11})$/.exec(id);
  const turn = match?.[1] ? Number.parseInt(match[1], 36) : Number.NaN;
  return Number.isSafeInteger(turn) && callId(turn) === id ? turn : null;
}
