import { layOut } from "../table.ts";
import { annotatedIn, normal, own } from "./dialogues.ts";
import type { Name, Turn } from "./dialogues.ts";

export type Known = Partial<Record<Name | "kind", string | number | null>>;

/** The slots that make a trip: all three right is joint accuracy. */
const JOINT = ["origin", "destination", "departure_date"] as const;
/** Counted only where the dialogue has a value: an assistant that says its defaults aloud is not wrong. */
const WHERE_MEANT = ["passengers", "cabin"] as const;
const COLUMNS = ["joint", "last turn", ...JOINT, "return_date", ...WHERE_MEANT, "one way"] as const;
type Column = (typeof COLUMNS)[number];

type Counts = Record<Column, { right: number; all: number }>;

const emptyCounts = (): Counts =>
  Object.fromEntries(COLUMNS.map((name) => [name, { right: 0, all: 0 }])) as Counts;

/** How many turns are right, by a group's name. */
export class Tally {
  readonly #groups = new Map<string, Counts>();

  #add(groups: readonly string[], column: Column, isRight: boolean): void {
    for (const group of groups) {
      const counts = this.#groups.get(group) ?? emptyCounts();
      this.#groups.set(group, counts);
      counts[column].all += 1;
      if (isRight) counts[column].right += 1;
    }
  }

  /** Compares a trip with a turn's annotation. @returns what is wrong, in words */
  turn(groups: readonly string[], turn: Turn, trip: Known, now: number): string[] {
    const wrong: string[] = [];
    const check = (name: Name, isExpected: (meant: string[] | undefined) => boolean | null) => {
      const meant = annotatedIn(turn, name);
      const isRight = isExpected(meant);
      if (isRight === null) return true;
      this.#add(groups, name, isRight);
      if (!isRight)
        wrong.push(
          `${name}: ${own(name, trip[name]) ?? "nothing"}, meant ${meant?.join("/") ?? "nothing"}`,
        );
      return isRight;
    };
    const fits = (name: Name, meant: string[]): boolean =>
      meant.some((value) => normal(name, value, now) === own(name, trip[name]));
    const joint = JOINT.map((name) =>
      check(name, (meant) =>
        meant === undefined ? own(name, trip[name]) === null : fits(name, meant),
      ),
    );
    const isOneWay = /oneway/i.test(turn.intent ?? "");
    // The annotations keep the return of an earlier round trip.
    check("return_date", (meant) =>
      meant === undefined || isOneWay ? null : fits("return_date", meant),
    );
    for (const name of WHERE_MEANT)
      check(name, (meant) =>
        meant === undefined || meant.includes("dontcare") ? null : fits(name, meant),
      );
    if (isOneWay) this.#add(groups, "one way", trip.kind === "one_way");
    this.#add(groups, "joint", joint.every(Boolean));
    return wrong;
  }

  last(groups: readonly string[], isRight: boolean): void {
    this.#add(groups, "last turn", isRight);
  }

  toString(): string {
    const rows = [...this.#groups].map(([group, counts]) => [
      group,
      String(counts.joint.all),
      ...COLUMNS.map((column) => share(counts[column])),
    ]);
    return layOut([["dialogues", "turns", ...COLUMNS], ...rows]);
  }
}

const share = ({ right, all }: { right: number; all: number }): string =>
  all === 0 ? "" : (right / all).toFixed(3);
