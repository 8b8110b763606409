const WORDS =
  `the a of to and in is that it was for on are with as be this have from by not but what all were when
  we there can an your which their said if do will each about how up out them then she many some so these would other
  into has more her two like him see time could no make than first been its who now people my made over did down only
  way find use may water long little very after word called just where most know flight hotel booking Thursday ticket
  window luggage invoice refund password account delivery address appointment insurance breakfast temperature kilometre
  Lisbon Helsinki schedule reminder subscription battery warranty assistant previous available tomorrow confirmation`.split(
    /\s+/,
  );

/** Writes text that compresses about as chat does. The same seed, the same text. */
export class Prose {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** Exactly so many bytes: the words are ASCII. */
  write(bytes: number): string {
    let text = "";
    while (text.length < bytes) text += `${WORDS[this.#below(WORDS.length)]} `;
    return text.slice(0, bytes);
  }

  /** mulberry32 */
  #below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  }
}
