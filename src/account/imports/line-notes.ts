import type { NotExported, Problem } from "./import-line.ts";

/** Problems, and sessions that were not exported, kept until they are taken; later ones are only counted. */
const KEPT = 100;

/** What is wrong with lines of an import, and which sessions they name as not exported, by their lines. */
export class LineNotes {
  #problems: Problem[] = [];
  #notExported: (NotExported & { line: number })[] = [];
  #badLines = 0;
  #lastBadLine = 0;

  /** How many lines had something wrong in them; also those of skipped sessions, of which no problem is noted. */
  get badLines(): number {
    return this.#badLines;
  }

  countBad(line: number): void {
    if (line !== this.#lastBadLine) this.#badLines += 1;
    this.#lastBadLine = line;
  }

  addProblem(problem: Problem): void {
    this.countBad(problem.line);
    if (this.#problems.length < KEPT) this.#problems.push(problem);
  }

  /** @param isBegun - whether lines of the session came before: then it is kept in any case, as parts of it may wait */
  addNotExported(line: number, { session_id, code }: NotExported, isBegun: boolean): void {
    if (isBegun || this.#notExported.length < KEPT)
      this.#notExported.push({ line, session_id, code });
  }

  /** Takes the problems up to that line. */
  takeProblems(through: number): Problem[] {
    const taken = this.#problems.filter(({ line }) => line <= through);
    this.#problems = this.#problems.filter(({ line }) => line > through);
    return taken;
  }

  /** Takes the sessions that are named as not exported up to that line. */
  takeNotExported(through: number): NotExported[] {
    const taken = this.#notExported.filter(({ line }) => line <= through);
    this.#notExported = this.#notExported.filter(({ line }) => line > through);
    return taken.map(({ session_id, code }) => ({ session_id, code }));
  }
}
