import { callAccount } from "../account/account-client.ts";
import { logError } from "../observe/log.ts";
import type { Piece } from "../openai/responses/response-pieces.ts";
import type { OpenTurn } from "../account/conversation/turn-contract.ts";

/** Before the first write. A faster answer is written once, with its turn. */
const FIRST_MS = 150;
/** Between later writes: each is a row, and rows are the bill. */
const MAX_INTERVAL_MS = 1_000;
/** In UTF-16 units. More pending text is written at once. */
const MAX_PIECES_LENGTH = 64 * 1024;

function lengthOf(piece: Piece): number {
  if ("delta" in piece) return piece.delta.length;
  if (piece.type === "item") return JSON.stringify(piece.item).length;
  return piece.type === "seal" ? piece.value.length : piece.name.length;
}

/** Stores an answer's pieces in batches while they arrive, for readers that reconnect. */
export class StreamPersister {
  readonly #env: Env;
  readonly #accountId: string;
  readonly #turn: OpenTurn;
  readonly #onLost: () => void;
  #pieces: Piece[] = [];
  #length = 0;
  #written = 0;
  #pause = FIRST_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isOver = false;

  /** @param onLost - called when another worker has the turn's lease: the rest will not be stored */
  constructor(env: Env, accountId: string, turn: OpenTurn, onLost: () => void) {
    this.#env = env;
    this.#accountId = accountId;
    this.#turn = turn;
    this.#onLost = onLost;
  }

  add(piece: Piece): void {
    if (this.#isOver) return;
    this.#pieces.push(piece);
    this.#length += lengthOf(piece);
    if (this.#length > MAX_PIECES_LENGTH) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), this.#pause);
  }

  /** Stops writing. The settled turn holds all pieces. */
  async end(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#timer);
    await this.#writing;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pieces = this.#pieces;
    const from = this.#written;
    this.#written += pieces.length;
    this.#pieces = [];
    this.#length = 0;
    this.#pause = Math.min(MAX_INTERVAL_MS, this.#pause * 1.5);
    this.#writing = this.#writing.then(() => this.#write(from, JSON.stringify(pieces)));
  }

  /** A failed write leaves a gap. Readers stop there until the turn is settled. */
  async #write(from: number, pieces: string): Promise<void> {
    if (this.#isOver) return;
    try {
      const isMine = await callAccount(this.#env, this.#accountId, (account) =>
        account.turns.append(this.#turn, from, pieces),
      );
      if (!isMine) this.#onLost();
    } catch (error) {
      logError("stream.unkept", "pieces of an answer could not be stored", error, {
        account_id: this.#accountId,
      });
    }
  }
}
