import * as fc from "fast-check";
import { afterEach, describe, expect, inject, it, vi } from "vitest";

import { sessionByKey } from "../../../../src/account/store/sessions/sessions.ts";
import { SLICE_BYTES } from "../../../../src/account/store/turns/index-slices.ts";
import { reindexTurn } from "../../../../src/account/store/turns/indexed-turns.ts";
import { matchExpression } from "../../../../src/account/store/turns/match-expression.ts";
import { VOLUME_BOUNDS } from "../../../../src/account/store/turns/search-volumes.ts";
import type { SearchResult } from "../../../../src/account/store/turns/search.ts";
import { foldedWords } from "../../../../src/account/store/turns/snippet.ts";
import { keyOf, turnId } from "../../../../src/shared/ids.ts";
import type { Content } from "../../../../src/shared/items.ts";
import { searchedText } from "../../../../src/shared/searched-text.ts";
import type { Turn } from "../../../../src/shared/turn.ts";
import { turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { countPieces } from "../../../support/count-pieces.ts";
import type { CountedPiece } from "../../../support/count-pieces.ts";
import { useVolumesOf } from "../../../support/search-index.ts";

const ALL = { limit: 100, offset: 0 };
const SESSIONS = 3;

afterEach(() => void vi.restoreAllMocks());

const WORDS = ["a", "la", "plum", "Äpfel", "漢字"];
const word = fc.constantFrom(...WORDS);

const different = (from: number, count: number): string =>
  Array.from({ length: count }, (_none, n) => `w${(from + n * 4_099).toString(36)}`).join(" ");

const withPicture = (text: string): Content => [
  {
    type: "message",
    role: "user",
    content: [
      { type: "input_image", image_url: `data:image/png;base64,${"iVBORw0K".repeat(260_000)}` },
      { type: "input_text", text },
    ],
  },
];

/** What makes a search work: many words, one word, words that are all different, long texts, and pictures. */
const content: fc.Arbitrary<Content> = fc.oneof(
  { weight: 8, arbitrary: fc.array(word, { maxLength: 30 }).map((some) => some.join(" ")) },
  {
    weight: 3,
    arbitrary: fc.tuple(word, fc.nat(15_000)).map(([some, n]) => `${some} `.repeat(n)),
  },
  { weight: 2, arbitrary: fc.tuple(fc.nat(1e6), fc.nat(9_000)).map(([n, k]) => different(n, k)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(word, word, fc.integer({ min: 20_000, max: 80_000 }))
      .map(([first, rest, n]) => `${first} x ${`${rest} `.repeat(n)}`),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(word, fc.nat(60_000)).map(([some, n]) => withPicture(`${some} `.repeat(n))),
  },
);

type Command =
  | { does: "write"; session: number; sides: [input: Content, output: Content | null][] }
  | { does: "change"; nth: number; input: Content }
  | { does: "ask"; queries: string[][] };

const session = fc.integer({ min: 1, max: SESSIONS });
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    does: fc.constant("write" as const),
    session,
    sides: fc.array(fc.tuple(content, fc.option(content)), { minLength: 1, maxLength: 8 }),
  }),
  fc.record({ does: fc.constant("change" as const), nth: fc.nat(), input: content }),
  fc.record({
    does: fc.constant("ask" as const),
    queries: fc.array(fc.uniqueArray(word, { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
);

class Account {
  readonly #shelf: Shelf;
  readonly #turns = new Map<number, Turn>();
  /** Searches ask for them again and again, and some texts are long. */
  readonly #words = new WeakMap<Turn, ReadonlySet<string>>();

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
    for (let n = 1; n <= SESSIONS; n += 1) shelf.add(`s${n}`, []);
  }

  write(key: number, sides: readonly [Content, Content | null][]): void {
    const count = [...this.#turns.keys()].filter((id) => keyOf(id) === key).length;
    for (const [n, [input, output]] of sides.entries()) {
      const turn = turnOf(turnId(key, count + n + 1), "", { input, output });
      this.#shelf.turns.insert(turn);
      this.#turns.set(turn.id, turn);
    }
    this.#shelf.search.turnWritten(key);
  }

  change(nth: number, input: Content): void {
    const turn = [...this.#turns.values()][nth % Math.max(1, this.#turns.size)];
    if (!turn) return;
    const changed = { ...turn, input };
    const { db, turns, search } = this.#shelf;
    const key = keyOf(turn.id);
    db.transaction(() => {
      reindexTurn(db, sessionByKey(db, key)?.indexed ?? 0, turn, changed);
      turns.update(changed);
    });
    this.#turns.set(turn.id, changed);
    search.turnWritten(key);
  }

  having(words: readonly string[]): number[] {
    const wanted = words.flatMap((each) => foldedWords(each));
    return [...this.#turns.values()]
      .filter((turn) => {
        const has = this.#wordsOf(turn);
        return wanted.every((each) => has.has(each));
      })
      .map(({ id }) => id)
      .toSorted((a, b) => a - b);
  }

  #wordsOf(turn: Turn): ReadonlySet<string> {
    const known = this.#words.get(turn);
    if (known) return known;
    const { input, output } = searchedText(turn);
    const words = new Set(foldedWords(`${input} ${output ?? ""}`));
    this.#words.set(turn, words);
    return words;
  }
}

const ASK: Command = { does: "ask", queries: [["a"], ["la", "plum"], WORDS] };

/** -1: it did not look at all turns. */
const idsOf = ({ hits, complete }: SearchResult): number[] =>
  complete ? hits.map(({ turn_id }) => turn_id).toSorted((one, other) => one - other) : [-1];

/** @returns what searches found and should have found, and the most work of each kind that one did between two waits */
async function run(shelf: Shelf, commands: readonly Command[]) {
  const account = new Account(shelf);
  const found: number[][] = [];
  const should: number[][] = [];
  const pieces: CountedPiece[] = [];
  for (const each of commands) {
    if (each.does === "write") account.write(each.session, each.sides);
    else if (each.does === "change") account.change(each.nth, each.input);
    else {
      const counted = countPieces(shelf.db);
      const results = await Promise.all(
        each.queries.map((words) =>
          shelf.search.search(matchExpression(words.join(" ")) ?? "", ALL),
        ),
      );
      vi.restoreAllMocks();
      pieces.push(...counted.pieces);
      found.push(...results.map(idsOf));
      should.push(...each.queries.map((words) => account.having(words)));
    }
  }
  return { found, should, pieces };
}

/** Of the lists: those that write and change the most. They take two thirds of the time. */
const LONGEST: ReadonlySet<number> = new Set([1, 5, 6, 9]);

describe("the work of a search between two waits", () => {
  const lists = fc.sample(fc.array(command, { minLength: 4, maxLength: 14 }), {
    seed: 21,
    numRuns: 12,
  });
  const cases = lists
    .map((commands, n) => [n, n % 2 ? 20_000 : VOLUME_BOUNDS.words, commands] as const)
    .filter(([n]) => inject("isLarge") || !LONGEST.has(n));
  it.each(cases)(
    "has a bound, and finds what is there, whatever is stored and asked: %i, in volumes of %i words",
    (_n, size, commands) =>
      withShelf(async (shelf) => {
        useVolumesOf(size);
        const { found, should, pieces } = await run(shelf, [...commands, ASK]);
        expect(found).toEqual(should);
        const most = (of: keyof CountedPiece) => Math.max(...pieces.map((piece) => piece[of]));
        expect(most("statements")).toBeLessThanOrEqual(48);
        // Ranking looks at 1,000 turns, and their sizes.
        expect(most("rows")).toBeLessThanOrEqual(2_500);
        // Both sides of a long turn, or a piece of a turn's parts and its row.
        expect(most("read")).toBeLessThanOrEqual(2 * 512 * 1024);
        expect(most("written")).toBeLessThanOrEqual(SLICE_BYTES + 16 * 1024);
        // The longest text that is written here, which is made once for the index.
        expect(most("parsed")).toBeLessThanOrEqual(512 * 1024);
      }),
  );
});
