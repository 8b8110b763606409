import { fnv1a } from "./fnv1a.ts";

/** Providers take so many characters in the name of a function. */
const NAME_LENGTH = 64;

/** The name that a model knows a function or a freeform tool by: providers know no groups of functions. */
export function functionNameOf({
  namespace,
  name,
}: {
  namespace?: string | undefined;
  name: string;
}): string {
  if (namespace === undefined) return name;
  const between = namespace.endsWith("__") ? "" : "__";
  const all = `${namespace}${between}${name}`.replaceAll(/[^a-zA-Z0-9_-]/g, "_");
  if (all.length <= NAME_LENGTH) return all;
  const hash = fnv1a(all).toString(16).padStart(8, "0");
  return `${all.slice(0, NAME_LENGTH - 9)}_${hash}`;
}
