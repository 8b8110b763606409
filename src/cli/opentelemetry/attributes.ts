import { documentsIn, fieldsIn, idIn, listIn, textIn } from "../reading/fields.ts";
import type { Fields } from "../reading/fields.ts";
import { parseJson } from "../../shared/json.ts";

/** A value of OTLP's JSON. Source: opentelemetry-proto, common/v1/common.proto, `AnyValue`. */
export function valueOf(value: unknown): unknown {
  const { arrayValue, kvlistValue, intValue, ...single } = fieldsIn(value);
  if (arrayValue !== undefined) return listIn(fieldsIn(arrayValue)["values"]).map(valueOf);
  if (kvlistValue !== undefined) return attributesOf(fieldsIn(kvlistValue)["values"]);
  // A 64-bit number is a text in the JSON of protobuf.
  if (intValue !== undefined) return wholeIn(idIn(intValue) ?? "");
  return Object.values(single)[0];
}

/** A whole number with all its digits, as JSON has it. */
const wholeIn = (text: string): unknown => (/^-?\d+$/.test(text) ? parseJson(text) : Number(text));

/** Attributes by their names. */
export const attributesOf = (list: unknown): Fields =>
  Object.fromEntries(
    documentsIn(list).map(({ key, value }) => [textIn(key) ?? "", valueOf(value)]),
  );

/** Nanoseconds since the epoch, as digits, in ms; undefined where there are none. */
export function msOf(nanoseconds: unknown): number | undefined {
  const ms = Math.round(Number(nanoseconds) / 1e6);
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}
