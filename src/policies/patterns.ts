import type { LinearPattern } from "./linear-pattern.ts";
import type { Policy } from "./policy.ts";

type Patterned = Extract<Policy, { pattern: string }>;

/** Compiled patterns that an isolate keeps. */
const MAX_KEPT = 256;

/** The engine is large, and few accounts have patterns: it is evaluated when it is asked for. */
let engine: typeof import("./linear-pattern.ts") | null = null;
const compiled = new Map<string, LinearPattern>();

const hasPattern = (policy: Policy): policy is Patterned => "pattern" in policy;

/** Has the policies' patterns ready for {@link patternOf}. */
export async function loadPatterns(policies: readonly Policy[]): Promise<void> {
  if (engine === null && policies.some(hasPattern)) engine = await import("./linear-pattern.ts");
}

/** The pattern of a policy, once {@link loadPatterns} has run. */
export function patternOf({ pattern, ignore_case }: Patterned): LinearPattern {
  if (engine === null) throw new Error("loadPatterns has not run for these policies.");
  const key = `${ignore_case ? "i" : "-"}${pattern}`;
  const known = compiled.get(key);
  if (known) return known;
  if (compiled.size >= MAX_KEPT) compiled.clear();
  const made = linearOr(engine, pattern, ignore_case);
  compiled.set(key, made);
  return made;
}

/** A pattern that was set before patterns were checked may take backtracking: it goes on as it was. */
function linearOr(
  { linearPattern, PatternError: Refusal }: NonNullable<typeof engine>,
  pattern: string,
  ignoreCase: boolean,
): LinearPattern {
  try {
    return linearPattern(pattern, ignoreCase);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const flags = ignoreCase ? "iu" : "u";
    return {
      test: (text) => new RegExp(pattern, flags).test(text),
      replaceAll: (text, replacement) =>
        text.replace(new RegExp(pattern, `g${flags}`), () => replacement),
    };
  }
}

/** The first pattern that would take backtracking, and why it is refused. Null where all are fine. */
export async function refusedPattern(
  policies: readonly Policy[],
): Promise<{ index: number; reason: string } | null> {
  const { linearPattern, PatternError: Refusal } = await import("./linear-pattern.ts");
  for (const [index, policy] of policies.entries()) {
    if (!hasPattern(policy)) continue;
    try {
      linearPattern(policy.pattern, policy.ignore_case);
    } catch (error) {
      if (error instanceof Refusal) return { index, reason: error.message };
      throw error;
    }
  }
  return null;
}
