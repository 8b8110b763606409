/** A text, or the tokens of one, as a client of OpenAI counted them. */
export type Embeddable = string | number[];

/** Makes vectors of texts. */
export interface Embedder {
  /** Its name in `EMBEDDING_MODEL`. */
  readonly name: string;
  /** @param dimensions - null for the model's own number. @throws ModelError */
  embed: (texts: Embeddable[], dimensions: number | null) => Promise<Embedded>;
}

export interface Embedded {
  /** One for each text, in order. */
  vectors: number[][];
  /** The texts' tokens; null where the provider does not count them. */
  tokens: number | null;
}

export const isVectors = (data: unknown, count: number): data is number[][] =>
  Array.isArray(data) &&
  data.length === count &&
  data.every(
    (vector) => Array.isArray(vector) && vector.every((value) => typeof value === "number"),
  );

/** OpenAI's embedding models, which the offline embedder stands in for: an old client's tests run without a network. */
const OPENAI_NAMES = ["text-embedding-ada-002", "text-embedding-3-small", "text-embedding-3-large"];

/** More names of an embedder. @param name - as it stands in `EMBEDDING_MODEL` */
export const embeddingAliases = (name: string): readonly string[] =>
  name === "local" ? OPENAI_NAMES : [];
