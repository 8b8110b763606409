/** Turns of the event loop between two pieces: a session's turn takes about as many for one of its steps. */
const LOOP_TURNS = 4;

/**
 * Gives the pieces of an account's searches their turn, one after the other. Between two pieces other calls of the account
 * run. The pieces of many searches so do not add up to one long wait. Work in `account.archiving` has a line of its own:
 * other calls wait for it, so that it must not wait for searches.
 */
export class SearchPieces {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when the caller may do its next piece. */
  next(): Promise<void> {
    this.#last = this.#last.then(letOthersRun);
    return this.#last;
  }
}

async function letOthersRun(): Promise<void> {
  for (let n = 0; n < LOOP_TURNS; n += 1) await scheduler.wait(0);
}
