import { z } from "zod";

import { placeByCode } from "./places.ts";

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

/** What is known of a trip: what somebody said, or what a model made of it. Lies in the session's state under `trip`. */
export const tripSchema = z.object({
  /** IATA codes of cities or airports. */
  origin: code.nullable().default(null),
  destination: code.nullable().default(null),
  departure_date: day.nullable().default(null),
  return_date: day.nullable().default(null),
  /** Null: nobody said. */
  kind: z.enum(["one_way", "round_trip"]).nullable().default(null),
  passengers: z.int().min(1).max(9).nullable().default(null),
  cabin: z.enum(CABINS).nullable().default(null),
  direct_only: z.boolean().nullable().default(null),
  /** Some days sooner or later would do. */
  flexible: z.boolean().nullable().default(null),
  /** At most, for everybody and both ways. */
  budget: z
    .object({ amount: z.number().positive(), currency: z.string().regex(/^[A-Z]{3}$/) })
    .nullable()
    .default(null),
});

export type Trip = z.infer<typeof tripSchema>;
export type Slot = keyof Trip;

export const EMPTY_TRIP: Trip = tripSchema.parse({});

/** What one message says of the trip; what it says nothing of is absent. */
export type TripPatch = Partial<Trip>;
