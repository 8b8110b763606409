import { letOthersRun } from "../../../shared/let-others-run.ts";

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
