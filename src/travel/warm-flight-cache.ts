import type { Config } from "../config.ts";
import { addDays, today } from "./dates/calendar.ts";
import { queriesOf } from "./dialogue.ts";
import { EMPTY_TRIP } from "./slots.ts";
import { FlightError } from "./flights/flights.ts";
import { searchFlights } from "./flights/search.ts";

/** Searches at once: enough to be quick, few enough for a provider to bear. */
const AT_ONCE = 4;

export interface Warmed {
  /** Asked of the provider, and kept. */
  searched: number;
  /** Lay in the cache already. */
  cached: number;
  failed: number;
}

/** Searches the configured routes, one way for one passenger, for each of the days to come. A search that fails is left out. */
export async function warmFlights(
  env: Pick<Env, "CACHE" | "DIRECTORY">,
  config: Config,
  daysAhead: number,
  now: number,
): Promise<Warmed> {
  const queries = config.TRAVEL_ROUTES.flatMap((route) => {
    const [origin = "", destination = ""] = route.split("-");
    return Array.from({ length: daysAhead }, (_, ahead) => {
      const departure_date = addDays(today(now), ahead + 1);
      const trip = { ...EMPTY_TRIP, origin, destination, departure_date };
      return queriesOf(trip, config.TRAVEL_CURRENCY, now);
    }).flat();
  });
  const warmed: Warmed = { searched: 0, cached: 0, failed: 0 };
  const worker = async () => {
    for (let query = queries.pop(); query; query = queries.pop()) {
      try {
        const { cached } = await searchFlights(env, config, query);
        warmed[cached ? "cached" : "searched"] += 1;
      } catch (error) {
        if (!(error instanceof FlightError)) throw error;
        warmed.failed += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return warmed;
}
