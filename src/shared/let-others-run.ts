/** Turns of the event loop that a pause takes: a turn of a session takes as many for one of its steps. */
export const LOOP_TURNS = 4;

/**
 * The pause between two pieces of long work. Other calls run meanwhile. In one turn of the event loop they come from one
 * step to the next, so that a call of several steps would wait for a piece at each.
 */
export async function letOthersRun(): Promise<void> {
  for (let n = 0; n < LOOP_TURNS; n += 1) await scheduler.wait(0);
}
