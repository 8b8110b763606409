import { callAccount } from "../account/account-client.ts";
import { logError } from "../observe/log.ts";
import type { Piece } from "../openai/responses/response-pieces.ts";
import { SECOND_MS } from "../shared/time.ts";
import type { OpenTurn } from "../account/conversation/turn-contract.ts";

/**
 * Between writes, in ms, while no other reader follows the answer. A client has read at most this much that is not stored.
 * Each write is a row, and rows are the bill.
 */
const INTERVAL_MS = 5 * SECOND_MS;
/** Before the first write for readers that follow the answer, in ms. */
const FIRST_FOLLOWED_MS = 150;
/** Between later writes for them, in ms. */
const MAX_FOLLOWED_MS = SECOND_MS;
/** In UTF-16 units. More pending text is written at once. */
const MAX_PIECES_LENGTH = 64 * 1024;

function lengthOf(piece: Piece): number {
  if ("delta" in piece) return piece.delta.length;
  if (piece.type === "item") return JSON.stringify(piece.item).length;
  return piece.type === "seal" ? piece.value.length : piece.name.length;
}

/**
 * Stores an answer's pieces in batches while they arrive, for readers that reconnect. Each write says whether a reader
 * waits: then the next ones come sooner.
 */
export class StreamPersister {
  readonly #env: Env;
  readonly #accountId: string;
  readonly #turn: OpenTurn;
  readonly #onLost: () => void;
  #pieces: Piece[] = [];
  #length = 0;
  #written = 0;
  /** Before the next write while the answer is followed, in ms. */
  #followedMs = FIRST_FOLLOWED_MS;
  #isFollowed: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isOver = false;

  /**
   * @param onLost - called when another worker has the turn's lease: the rest will not be stored
   * @param isFollowed - whether other readers follow the answer from its begin
   */
  constructor(
    env: Env,
    accountId: string,
    turn: OpenTurn,
    { onLost, isFollowed }: { onLost: () => void; isFollowed: boolean },
  ) {
    this.#env = env;
    this.#accountId = accountId;
    this.#turn = turn;
    this.#onLost = onLost;
    this.#isFollowed = isFollowed;
  }

  add(piece: Piece): void {
    if (this.#isOver) return;
    this.#pieces.push(piece);
    this.#length += lengthOf(piece);
    if (this.#length > MAX_PIECES_LENGTH) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), this.#pauseMs);
  }

  /** Stops writing. The settled turn holds all pieces. */
  async end(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#timer);
    await this.#writing;
  }

  get #pauseMs(): number {
    return this.#isFollowed ? this.#followedMs : INTERVAL_MS;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pieces = this.#pieces;
    const from = this.#written;
    this.#written += pieces.length;
    this.#pieces = [];
    this.#length = 0;
    if (this.#isFollowed) this.#followedMs = Math.min(MAX_FOLLOWED_MS, this.#followedMs * 1.5);
    this.#writing = this.#writing.then(() => this.#write(from, JSON.stringify(pieces)));
  }

  /** A failed write leaves a gap. Readers stop there until the turn is settled. */
  async #write(from: number, pieces: string): Promise<void> {
    if (this.#isOver) return;
    try {
      const { isKept, isFollowed } = await callAccount(this.#env, this.#accountId, (account) =>
        account.turns.append(this.#turn, from, pieces),
      );
      this.#isFollowed = isFollowed;
      if (!isKept) this.#onLost();
    } catch (error) {
      logError("stream.unkept", "pieces of an answer could not be stored", error, {
        account_id: this.#accountId,
      });
    }
  }
}
