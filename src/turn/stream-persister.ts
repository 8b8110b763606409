import { callAccount } from "../account/account-client.ts";
import { logError } from "../observe/log.ts";
import type { Piece } from "../openai/responses/response-pieces.ts";
import type { OpenTurn } from "../account/conversation/turn-contract.ts";

/** An answer that comes sooner is written once, with its turn. */
const FIRST_MS = 150;
/** Then pieces are written so often at most: a row each. */
const MAX_INTERVAL_MS = 1_000;
/** Or when they have come to so much text, in UTF-16 units. */
const MAX_PIECES_LENGTH = 64 * 1024;

/** Keeps an answer's pieces while it is on its way, for whoever goes on reading elsewhere: some at a time, in order. */
export class StreamPersister {
  readonly #env: Env;
  readonly #accountId: string;
  readonly #turn: OpenTurn;
  readonly #onLost: () => void;
  #pieces: Piece[] = [];
  #length = 0;
  #kept = 0;
  #pause = FIRST_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isOver = false;

  /** @param onLost - called when the turn has lost its place, so that nobody wants the rest */
  constructor(env: Env, accountId: string, turn: OpenTurn, onLost: () => void) {
    this.#env = env;
    this.#accountId = accountId;
    this.#turn = turn;
    this.#onLost = onLost;
  }

  add(piece: Piece): void {
    if (this.#isOver) return;
    this.#pieces.push(piece);
    this.#length += piece.type === "call" ? piece.name.length : piece.delta.length;
    if (this.#length > MAX_PIECES_LENGTH) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), this.#pause);
  }

  /** What is not written yet need not be: the turn is settled with all of it. */
  async end(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#timer);
    await this.#writing;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pieces = this.#pieces;
    const from = this.#kept;
    this.#kept += pieces.length;
    this.#pieces = [];
    this.#length = 0;
    this.#pause = Math.min(MAX_INTERVAL_MS, this.#pause * 1.5);
    this.#writing = this.#writing.then(() => this.#write(from, JSON.stringify(pieces)));
  }

  /** One that cannot be written leaves a gap, which readers stop at until the turn is settled. */
  async #write(from: number, pieces: string): Promise<void> {
    if (this.#isOver) return;
    try {
      const isMine = await callAccount(this.#env, this.#accountId, (account) =>
        account.turns.append(this.#turn, from, pieces),
      );
      if (!isMine) this.#onLost();
    } catch (error) {
      logError("stream.unkept", "pieces of an answer could not be kept", error, {
        account_id: this.#accountId,
      });
    }
  }
}
