import { isObject } from "../../../shared/json-merge-patch.ts";
import { jsonOr } from "../../../shared/stored-bounds.ts";
import type { DetailsRow } from "../../store/sessions/sessions.ts";
import { corrupt } from "../format/record.ts";

/**
 * Checks a session's details before they are archived or backed up. Readers show defaults for malformed ones, which
 * must not replace them there.
 *
 * @param state - JSON; undefined for none
 * @throws ApiError `archive_corrupt`
 */
export function checkDetails(
  { metadata, facts }: Pick<DetailsRow, "metadata" | "facts">,
  state: string | undefined,
): void {
  if (!isOf(metadata, (value) => isObject(value) && Object.values(value).every(isText)))
    throw corrupt("its metadata is no object of texts");
  if (!isOf(facts, (value) => Array.isArray(value) && value.every(isText)))
    throw corrupt("its facts are no list of texts");
  if (!isOf(state, isObject)) throw corrupt("its state is no JSON object");
}

const isOf = (json: string | null | undefined, fits: (value: unknown) => boolean): boolean =>
  json === null || json === undefined || fits(jsonOr(json, undefined));

const isText = (value: unknown): boolean => typeof value === "string";
