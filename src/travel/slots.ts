import { z } from "zod";

import { placeByCode } from "./gazetteer.ts";

export const CABINS = ["economy", "premium_economy", "business", "first"] as const;
export type Cabin = (typeof CABINS)[number];

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, "takes a day as YYYY-MM-DD")
  .refine((text) => !Number.isNaN(Date.parse(text)), "takes a day that exists");
const code = z
  .string()
  .regex(/^[A-Z]{3}$/, "takes an IATA code of a city or an airport")
  .refine((text) => placeByCode(text) !== null, "takes an IATA code that is known here");

/** The slots of a trip, by name. Null: not said yet. */
export const slotSchemas = {
  /** IATA codes of cities or airports. */
  origin: code.nullable(),
  destination: code.nullable(),
  departure_date: day.nullable(),
  return_date: day.nullable(),
  kind: z.enum(["one_way", "round_trip"]).nullable(),
  passengers: z.int().min(1).max(9).nullable(),
  cabin: z.enum(CABINS).nullable(),
  direct_only: z.boolean().nullable(),
  /** A day sooner or later would do. */
  flexible: z.boolean().nullable(),
  /** At most, for everybody and both ways. */
  budget: z
    .object({ amount: z.number().positive(), currency: z.string().regex(/^[A-Z]{3}$/) })
    .nullable(),
};

const shape = slotSchemas;

/** A trip as the messages, or a model that read them, tell it. The session's state has it as `trip`. */
export const tripSchema = z.object({
  origin: shape.origin.default(null),
  destination: shape.destination.default(null),
  departure_date: shape.departure_date.default(null),
  return_date: shape.return_date.default(null),
  kind: shape.kind.default(null),
  passengers: shape.passengers.default(null),
  cabin: shape.cabin.default(null),
  direct_only: shape.direct_only.default(null),
  flexible: shape.flexible.default(null),
  budget: shape.budget.default(null),
});

export type Trip = z.infer<typeof tripSchema>;
export type Slot = keyof Trip;

/** The slots that tell a trip from another one. The traveller is asked about doubts in these. */
export const ESSENTIAL = ["origin", "destination", "departure_date", "return_date"] as const;
export type EssentialSlot = (typeof ESSENTIAL)[number];

export const EMPTY_TRIP: Trip = {
  origin: null,
  destination: null,
  departure_date: null,
  return_date: null,
  kind: null,
  passengers: null,
  cabin: null,
  direct_only: null,
  flexible: null,
  budget: null,
};

/** The slots that one message names. Others are absent. */
export type TripPatch = Partial<Trip>;
