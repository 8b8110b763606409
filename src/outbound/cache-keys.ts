import { createHash } from "node:crypto";

/** What the answer to a first question depends on, apart from the model itself. */
export interface CachedQuestion {
  assistant: string;
  /** In order of preference. */
  models: string[];
  instructions: string | null;
  question: string;
}

const QUERY = "query:";
const EMBEDDING = "embedding:";
const FLIGHTS = "flights:";
/** Of the part of a key that says whose it is: enough to keep accounts apart, and to list one's. */
const ACCOUNT_LENGTH = 16;

export const isCacheKey = (key: string): boolean =>
  key.startsWith(QUERY) || key.startsWith(EMBEDDING);

/** The prefixes of an account's entries; without one, of everything. */
export const cachePrefixes = (accountId?: string): string[] =>
  accountId === undefined
    ? [QUERY, EMBEDDING, FLIGHTS]
    : [QUERY, EMBEDDING].map((kind) => kind + ofAccount(accountId));

/** Names the answer to a question, without a word of it. Case and spaces make no other question. */
export const queryKey = (
  accountId: string,
  { assistant, models, instructions, question }: CachedQuestion,
): string =>
  QUERY +
  ofAccount(accountId) +
  digest(accountId, assistant, models, instructions, canonical(question));

/** Names a text's embedding. By account, so that nobody learns what others have asked for. */
export const embeddingKey = (
  accountId: string,
  model: string,
  dimensions: number | null,
  text: string,
): string => EMBEDDING + ofAccount(accountId) + digest(accountId, model, dimensions, text);

/** Names what a provider found for a query. Timetables are nobody's secret: accounts share them. */
export const flightsKey = (provider: string, query: object): string =>
  FLIGHTS + digest(provider, query);

const canonical = (text: string): string =>
  text.normalize("NFKC").trim().replaceAll(/\s+/g, " ").toLowerCase();

const ofAccount = (accountId: string): string => digest(accountId).slice(0, ACCOUNT_LENGTH);
const digest = (...parts: unknown[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex");
