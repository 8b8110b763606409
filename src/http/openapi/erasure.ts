import { PLACES, PLACE_STATES } from "../../account/archive/erasure/place-report.ts";
import * as s from "./schema.ts";

/** Findings of the check after an erasure, by place. */
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
