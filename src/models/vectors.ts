export interface Embedded {
  /** One for each text, in order. */
  vectors: number[][];
  /** What the texts came to; null where the provider does not say. */
  tokens: number | null;
}

export const isVectors = (data: unknown, many: number): data is number[][] =>
  Array.isArray(data) &&
  data.length === many &&
  data.every(
    (vector) => Array.isArray(vector) && vector.every((value) => typeof value === "number"),
  );
