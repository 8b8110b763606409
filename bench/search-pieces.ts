import { SearchIndex } from "../src/account/store/turns/search.ts";
import { SearchPieces } from "../src/account/store/turns/search-pieces.ts";

/** When a piece began and ended, in ms since the epoch. */
export interface Piece {
  began: number;
  ended: number;
}

const now = (): number => performance.timeOrigin + performance.now();

/**
 * The pieces of work that this isolate's searches did without giving up the thread. A piece begins where the account's line
 * of pieces lets a search go on. It ends where that search asks the line again, or at the next turn of the event loop.
 */
class PieceLog {
  #pieces: Piece[] = [];
  #began: number | null = null;
  #count = 0;

  begin(): void {
    this.end();
    this.#count += 1;
    this.#began = now();
    void this.#endAtNextTurn(this.#count);
  }

  async #endAtNextTurn(count: number): Promise<void> {
    await scheduler.wait(0);
    if (count === this.#count) this.end();
  }

  end(): void {
    if (this.#began !== null) this.#pieces.push({ began: this.#began, ended: now() });
    this.#began = null;
  }

  /** @returns those since the last call */
  take(): Piece[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }
}

export const pieceLog = new PieceLog();

/** A method of a class that is about to be replaced. */
const methodOf = <T>(prototype: object, name: string) =>
  Reflect.get(prototype, name) as (this: T) => unknown;

/** Wraps what runs the pieces, so that {@link pieceLog} notes each. The work itself is the product's. */
function watchPieces(): void {
  const next = methodOf<SearchPieces>(SearchPieces.prototype, "next");
  SearchPieces.prototype.next = async function (this: SearchPieces) {
    pieceLog.end();
    await next.call(this);
    pieceLog.begin();
  };
  const begin = methodOf<SearchIndex>(SearchIndex.prototype, "begin");
  // The first piece of a search comes before it asks the line.
  SearchIndex.prototype.begin = async function (this: SearchIndex) {
    pieceLog.begin();
    await begin.call(this);
  };
}

watchPieces();
