/** `CLOCK=2028-02-29T23:59:58Z npm test` runs everything as of then. Without it, tests run as of now. */
const { CLOCK } = process.env;

/** The time that CLOCK names, in ms since the epoch. */
export const clockStart: number | null = CLOCK === undefined ? null : Date.parse(CLOCK);
if (Number.isNaN(clockStart)) throw new Error(`CLOCK takes a time such as 2028-02-29T23:59:58Z`);

// The same in all processes of a run: servers and tests agree on the time.
process.env["CLOCK_OFFSET_MS"] ??= String(clockStart === null ? 0 : clockStart - Date.now());
export const clockOffsetMs = Number(process.env["CLOCK_OFFSET_MS"]);
