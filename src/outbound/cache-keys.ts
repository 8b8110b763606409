import { nodeCrypto } from "../shared/node-modules.ts";

/** Everything but the model that the answer to a first question depends on. */
interface CachedQuestion {
  assistant: string;
  /** In order of preference. */
  models: string[];
  instructions: string | null;
  question: string;
}

export const QUERY = "query:";
export const EMBEDDING = "embedding:";
const FLIGHTS = "flights:";
/** Hex digits of an account's part of a key: enough to keep accounts apart, and to list the entries of one. */
const ACCOUNT_LENGTH = 16;

export const isCacheKey = (key: string): boolean =>
  key.startsWith(QUERY) || key.startsWith(EMBEDDING);

/** The prefixes of an account's entries; without an account, of all entries. */
export const cachePrefixes = (accountId?: string): string[] =>
  accountId === undefined
    ? [QUERY, EMBEDDING, FLIGHTS]
    : [QUERY, EMBEDDING].map((kind) => kind + ofAccount(accountId));

/** The key of the answer to a question, as a hash. Case and spaces do not matter. */
export const queryKey = (
  accountId: string,
  { assistant, models, instructions, question }: CachedQuestion,
): string =>
  QUERY +
  ofAccount(accountId) +
  digest(accountId, assistant, models, instructions, canonical(question));

/** The key of a text's embedding. One for each account: a hit would tell one account of another's texts. */
export const embeddingKey = (
  accountId: string,
  model: string,
  dimensions: number | null,
  text: string,
): string => EMBEDDING + ofAccount(accountId) + digest(accountId, model, dimensions, text);

/** The key of the flights that a provider found. Timetables are public, so accounts share them. */
export const flightsKey = (provider: string, query: object): string =>
  FLIGHTS + digest(provider, query);

const canonical = (text: string): string =>
  text.normalize("NFKC").trim().replaceAll(/\s+/g, " ").toLowerCase();

const ofAccount = (accountId: string): string => digest(accountId).slice(0, ACCOUNT_LENGTH);
const digest = (...parts: unknown[]): string =>
  nodeCrypto().createHash("sha256").update(JSON.stringify(parts)).digest("hex");
