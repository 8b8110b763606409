import { isObject } from "../../shared/json-merge-patch.ts";

/** Somebody's own metadata: what is no text is its JSON. */
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
