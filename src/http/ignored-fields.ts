import type { z } from "zod";

/** The names of so many ignored fields are told. */
const MAX_NAMED = 32;
/** Number of times that unknown fields are dropped: removing some may uncover others. */
const MAX_ROUNDS = 8;

type Path = readonly PropertyKey[];

/** Drops the fields that a schema does not know from a JSON value, in place. @returns their paths */
export function dropUnknownFields(schema: z.ZodType, value: unknown): string[] {
  const dropped: string[] = [];
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const { error } = schema.safeParse(value);
    const unknown = error?.issues.flatMap((issue) => unknownIn(issue, [])) ?? [];
    if (unknown.length === 0) break;
    for (const path of unknown) if (drop(value, path)) dropped.push(nameOf(path));
  }
  return dropped;
}

/** The value of `x-ignored-fields`. Characters that a header does not take are percent-encoded. */
export const ignoredHeader = (fields: readonly string[]): string =>
  [
    ...fields
      .slice(0, MAX_NAMED)
      .map((field) => encodeURIComponent(field.slice(0, 128).toWellFormed()))
      .map((field) => field.replaceAll("%5B", "[").replaceAll("%5D", "]")),
    ...(fields.length > MAX_NAMED ? ["and-more"] : []),
  ].join(", ");

/** The unknown fields that an issue names. In a union, those of a branch that takes all other fields. */
function unknownIn(issue: z.core.$ZodIssue, before: Path): Path[] {
  const path = [...before, ...issue.path];
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => [...path, key]);
  if (issue.code !== "invalid_union") return [];
  const fitting = issue.errors.find(
    (issues) => issues.length > 0 && issues.every(({ code }) => code === "unrecognized_keys"),
  );
  return fitting?.flatMap((each) => unknownIn(each, path)) ?? [];
}

function drop(value: unknown, path: Path): boolean {
  let at = value;
  for (const key of path.slice(0, -1)) {
    if (typeof at !== "object" || at === null) return false;
    at = Reflect.get(at, key);
  }
  const last = path.at(-1);
  if (typeof at !== "object" || at === null || last === undefined) return false;
  return Object.hasOwn(at, last) && Reflect.deleteProperty(at, last);
}

/** `input[0].content`, as OpenAI writes paths. */
const nameOf = (path: Path): string =>
  path.reduce<string>(
    (name, key) =>
      typeof key === "number"
        ? `${name}[${key}]`
        : name === ""
          ? String(key)
          : `${name}.${String(key)}`,
    "",
  );
