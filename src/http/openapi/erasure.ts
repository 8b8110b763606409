import { PLACES, PLACE_STATES } from "../../account/archive/erasure/places.ts";
import * as s from "./schema.ts";

/** What a look at each place after an erasure found. */
export const erasedPlaces = s.named("ErasedPlaces", () =>
  s.many(
    s.object({
      place: s.only(...PLACES),
      state: s.only(...PLACE_STATES),
      found: s.whole,
      left: s.maybe(s.whole),
    }),
  ),
);
