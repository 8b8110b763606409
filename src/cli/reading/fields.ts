import { isNumber } from "../../shared/json.ts";
import { isObject } from "../../shared/json-merge-patch.ts";

/**
 * Fields of a document that another program wrote, each taken for what it should be. A field of another type is as if
 * it were not there: one odd field costs no message, and one odd message no conversation.
 */
export type Fields = Record<string, unknown>;

export const fieldsIn = (value: unknown): Fields => (isObject(value) ? value : {});

export const listIn = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** A text that says something. */
export const textIn = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** An id is a text, or a number. */
export const idIn = (value: unknown): string | undefined =>
  isNumber(value) ? String(value) : textIn(value);

/** Documents of a list; what else is in it is not there. */
export const documentsIn = (value: unknown): Fields[] => listIn(value).filter(isObject);
