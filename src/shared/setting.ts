import type { z } from "zod";

/** A var or secret: how it is read, and what a deployment without it has. */
interface Setting<T> {
  schema: () => z.ZodType<T>;
  absent: T;
}

export type Settings = Record<string, Setting<unknown>>;

type ValueOf<S> = S extends Setting<infer T> ? T : never;
type OptionalOf<S> = { [K in keyof S]: undefined extends ValueOf<S[K]> ? K : never }[keyof S];

/** The values of settings, by their names. */
export type ValuesOf<S> = { [K in Exclude<keyof S, OptionalOf<S>>]: ValueOf<S[K]> } & {
  [K in OptionalOf<S>]?: ValueOf<S[K]>;
};

/**
 * A setting with a default, as its schema would give it. Schemas are made of the settings that a deployment has: it has
 * ten of a hundred, and every isolate makes them at its start.
 */
export const setting = <T extends z.ZodType>(
  schema: () => T,
  absent: NoInfer<z.output<T>>,
): Setting<z.output<T>> => ({ schema: schema as () => z.ZodType<z.output<T>>, absent });

/** A setting that a deployment may lack. */
export const optional = <T extends z.ZodType>(
  schema: () => T,
): Setting<z.output<T> | undefined> => ({
  schema: schema as () => z.ZodType<z.output<T>>,
  absent: undefined,
});

/**
 * Reads settings from the vars and secrets of a deployment.
 *
 * @returns the values, and for each wrong setting its name with what it takes
 */
export function readSettings<S extends Settings>(
  settings: S,
  vars: object,
): { values: ValuesOf<S>; wrong: string[] } {
  const given = vars as Readonly<Record<string, unknown>>;
  const values: Record<string, unknown> = {};
  const wrong: string[] = [];
  for (const [name, { schema, absent }] of Object.entries(settings)) {
    const value = given[name];
    if (value === undefined) {
      if (absent !== undefined) values[name] = absent;
      continue;
    }
    const parsed = schema().safeParse(value);
    if (parsed.success) values[name] = parsed.data;
    else
      wrong.push(
        ...parsed.error.issues.map(
          (issue) => `${[name, ...issue.path].join(".")} ${issue.message}`,
        ),
      );
  }
  return { values: values as ValuesOf<S>, wrong };
}
