/** Makes vectors of texts. */
export interface Embedder {
  /** Its name in `EMBEDDING_MODEL`. */
  readonly name: string;
  /** @param dimensions - null for the model's own number. @throws ModelError */
  embed: (texts: string[], dimensions: number | null) => Promise<Embedded>;
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
