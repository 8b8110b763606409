import { placeByCode } from "./gazetteer.ts";
import { placesIn } from "./places.ts";
import type { PlaceMention } from "./places.ts";
import type { Trip, TripPatch } from "./slots.ts";

/** "The one in Illinois". */
const OTHER_ONE =
  /\b(?:the|that|other) one (?:in|near) (\p{L}[\p{L} ]*?)(?=\s*(?:[,.;!?]|$)|\s+(?:on|from|to|between|please|and|for|leaving)\b)/iu;

/**
 * Takes another place of the same name than the trip has: "the one in Illinois", for Springfield.
 *
 * @param places - of the text; the region is none of them, though a city may have its name
 */
export function otherNamesake(
  text: string,
  places: readonly PlaceMention[],
  trip: Trip,
): { patch: TripPatch; places: readonly PlaceMention[] } {
  const match = OTHER_ONE.exec(text);
  const patch: TripPatch = {};
  if (!match?.[1]) return { patch, places };
  for (const slot of ["origin", "destination"] as const) {
    const { [slot]: code } = trip;
    const name = code === null ? undefined : placeByCode(code)?.name;
    const [found] = placesIn(`${name ?? ""}, ${match[1]}`);
    if (found && found.place.name === name && found.place.code !== code)
      patch[slot] = found.place.code;
  }
  if (Object.keys(patch).length === 0) return { patch, places };
  const end = match.index + match[0].length;
  return { patch, places: places.filter((each) => each.end <= match.index || each.start >= end) };
}
