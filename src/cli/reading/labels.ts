import { isObject } from "../../shared/json-merge-patch.ts";

/** The source's own metadata: a value that is no text becomes its JSON. */
export const labelsOf = (metadata: unknown): Record<string, string> =>
  isObject(metadata)
    ? Object.fromEntries(
        Object.entries(metadata)
          .filter(([, value]) => value !== null && value !== undefined)
          .map(([name, value]) => [
            name,
            typeof value === "string" ? value : JSON.stringify(value),
          ]),
      )
    : {};
