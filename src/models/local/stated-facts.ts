import { clausesOf } from "./clauses.ts";
import { factIn } from "./facts.ts";

/** The sentences of a message that state a fact in a form that the offline model knows, word for word. */
export const statedFacts = (message: string): string[] =>
  clausesOf(message)
    .filter(({ text, question }) => !question && (factIn(text)?.value ?? null) !== null)
    .map(({ text }) => text);
