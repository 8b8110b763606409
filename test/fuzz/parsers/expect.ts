import { ApiError } from "../../../src/shared/errors.ts";

/** @throws Error, which is a finding */
export function expect(right: boolean, what: string): asserts right {
  if (!right) throw new Error(what);
}

/** What is refused is refused by an error of ours. @returns null then */
export function refusable<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}
