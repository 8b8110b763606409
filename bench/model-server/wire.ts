/** The text of the first chunk. */
export const FIRST_TEXT = "Qx7z";
/** Every so many chunks, a paced stream says when it sent one. */
export const STAMP_EVERY = 50;

/** In microseconds since the epoch: `performance.now()` of two processes is not the same clock. */
export const nowUs = (): number => performance.timeOrigin * 1_000 + performance.now() * 1_000;
/** A text that says when it was sent. */
export const stampOf = (): string => `<${Math.round(nowUs())}>`;

/** The question that has the model's server stream so. */
export const question = (mode: Mode, chunks: number): string =>
  `Tell me. MODE:${mode} CHUNKS:${chunks}`;

/** `fast`: all at once. `paced`: 100 a second. `held`: one a second. */
export type Mode = "fast" | "paced" | "held";
