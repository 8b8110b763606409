import { z } from "zod";
import { ACCOUNT_ID_PATTERN, ACCOUNT_ID_RULE, ID_RULE, ID_PATTERN } from "./ids.ts";
import { ApiError } from "./errors.ts";
import { CALL_ID_LENGTH, TIME_BOUNDS, isStoredTime } from "./stored-bounds.ts";
import { numberId } from "./json.ts";
import { isObject } from "./json-merge-patch.ts";

/** The largest number of metadata pairs. */
export const METADATA_PAIRS = 16;

/** The largest message, in bytes of UTF-8. */
export const MESSAGE_BYTES = 256 * 1024;

export const METADATA_NAME = 64;

export const METADATA_VALUE = 512;

/** An id that callers may choose: of a session or a user. */
export const id = z
  .string({ error: `takes an id: ${ID_RULE}` })
  .regex(ID_PATTERN, `takes an id: ${ID_RULE}`);

export const accountIdField = z
  .string({ error: `takes an id: ${ACCOUNT_ID_RULE}` })
  .regex(ACCOUNT_ID_PATTERN, `takes an id: ${ACCOUNT_ID_RULE}`);

export const wellFormed = (text: string) => text.isWellFormed();

export const WELL_FORMED = "holds half of a surrogate pair; send valid Unicode";

const CALL_ID_RULE = `takes an id of 1 to ${CALL_ID_LENGTH} characters`;
/**
 * The id of a call that another program made, looked up as it was sent: operations of Vertex and ARNs of Bedrock have
 * slashes and are long. A number is its digits. Half of a surrogate pair is refused: all of them would be stored alike.
 */
export const externalCallId = () =>
  z
    .union([z.string(), numberId()], { error: CALL_ID_RULE })
    .refine((text) => text.length > 0 && text.length <= CALL_ID_LENGTH, CALL_ID_RULE)
    .refine(
      (text) => text.isWellFormed() && !text.includes("\0"),
      "takes valid Unicode without NUL",
    );

/** A short text that an operator writes. @param rule - what the field takes, where that is more than so many characters */
export const shortText = (length: number, rule?: string) =>
  z
    .string()
    .min(1, rule)
    .max(length, rule ?? `takes ${length} characters at most`)
    .refine(wellFormed, WELL_FORMED);

const HOLD_RULE = "takes the reason of the legal hold, up to 512 characters, or null to lift it";
export const holdField = () => z.union([shortText(512, HOLD_RULE), z.null()], { error: HOLD_RULE });

/** The text of a message. */
export const message = z
  .string({ error: "takes a string with the message" })
  .regex(/\S/, "is empty; send the message")
  .refine(wellFormed, WELL_FORMED);

/** @throws ApiError `message_too_large` past 256 KiB */
export function checkMessageSize(text: string, param: string): void {
  // UTF-8 takes at most 3 bytes per UTF-16 unit: most messages need no encoding.
  if (text.length * 3 <= MESSAGE_BYTES || new TextEncoder().encode(text).length <= MESSAGE_BYTES)
    return;
  throw new ApiError("message_too_large", `${param} takes 256 KiB at most.`, { param });
}

export const metadataName = z.string().min(1).max(METADATA_NAME).refine(wellFormed, WELL_FORMED);

export const metadataValue = z.string().max(METADATA_VALUE).refine(wellFormed, WELL_FORMED);

export const METADATA_RULE = `takes an object of at most ${METADATA_PAIRS} strings, names up to ${METADATA_NAME} and values up to ${METADATA_VALUE} characters`;

export const withinPairs = (pairs: object) => Object.keys(pairs).length <= METADATA_PAIRS;

/** Refuses the name `__proto__`, which zod would drop in silence. */
export const named = z
  .unknown()
  .refine(
    (pairs) => typeof pairs !== "object" || pairs === null || !Object.hasOwn(pairs, "__proto__"),
    METADATA_RULE,
  );

export const metadata = named.pipe(
  z
    .record(metadataName, metadataValue, { error: METADATA_RULE })
    .refine(withinPairs, METADATA_RULE)
    .meta({ maxProperties: METADATA_PAIRS }),
);

/** A merge patch by RFC 7396: null removes a name. */
export const metadataPatch = () =>
  named.pipe(
    z
      .record(metadataName, metadataValue.nullable(), { error: METADATA_RULE })
      .refine(withinPairs, METADATA_RULE)
      .meta({ maxProperties: METADATA_PAIRS }),
  );

export const STATE_DEPTH = 64;

export const isWithinDepth = (value: unknown, left: number): boolean =>
  typeof value !== "object" ||
  value === null ||
  (left > 0 && Object.values(value).every((each) => isWithinDepth(each, left - 1)));

/**
 * For the API's document: the schemas that stand for transforms, which have no JSON Schema of their own.
 */
export const documentedSchemas = new WeakMap<object, () => z.ZodType>();

/** A session's state, or a patch of it. Unparsed: zod would drop names such as `__proto__`. */
export const stateObject = z
  .unknown()
  .refine(isObject, "takes a JSON object")
  .refine(
    (value) => isWithinDepth(value, STATE_DEPTH),
    `is nested deeper than ${STATE_DEPTH} levels`,
  )
  .meta({ type: "object" });

export const TIME_RULE = "takes a time like 2026-01-31T00:00:00Z, or a day like 2026-01-31";

/** A time, or the beginning of a day, in UTC. */
export const moment = () =>
  z
    .union([z.iso.datetime({ offset: true }), z.iso.date()], { error: TIME_RULE })
    .transform((iso) => Date.parse(iso))
    .refine(isStoredTime, TIME_BOUNDS);
