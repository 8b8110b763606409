import { z } from "zod";

/** One way of a trip. */
const leg = z.object({
  /** IATA codes of airports. */
  from: z.string(),
  to: z.string(),
  /** Local times, `YYYY-MM-DDTHH:MM`. */
  departs: z.string(),
  arrives: z.string(),
  minutes: z.number(),
  stops: z.number(),
  /** Flight numbers such as `BA 178`, one for each flight. */
  flights: z.array(z.string()),
});

export const offerSchema = z.object({
  /** For everybody, both ways. */
  price: z.object({ amount: z.number(), currency: z.string() }),
  airline: z.string(),
  /** The way out and, where there is one, the way back. */
  legs: z.array(leg).min(1),
});

export type Leg = z.infer<typeof leg>;
export type Offer = z.infer<typeof offerSchema>;
