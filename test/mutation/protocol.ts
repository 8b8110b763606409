export interface Try {
  test: string;
  /** A test that is not over by then is late. */
  limitMs: number;
  /** A mutant that is passed more often than that goes round in circles. */
  hitLimit: number;
}

/** What a process that holds the tests is to do. */
export type Task =
  | { kind: "cover"; files: string[] }
  | { kind: "try"; mutant: string; tries: Try[]; fresh: boolean }
  | { kind: "stop" };

export interface Covered {
  test: string;
  file: string;
  /** What went wrong without any mutant, at the first run or at the second: such a test tells nothing. */
  error: string | null;
  ms: number;
  /** How often it passed each mutant. */
  hits: Record<string, number>;
}

export interface Verdict {
  kind: "verdict";
  status: "killed" | "timeout" | "survived";
  /** The test that found it, and how. */
  test: string | null;
  error: string | null;
  /** Whether that test passes again without the mutant. If not, the mutant left something broken behind. */
  sound: boolean;
}

export type Told =
  | { kind: "ready" }
  | { kind: "covered"; tests: Covered[]; atLoad: string[] }
  | Verdict;
