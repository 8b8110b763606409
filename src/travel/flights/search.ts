import { z } from "zod";

import type { Config } from "../../config.ts";
import { readCache, writeCache } from "../../outbound/kv-cache.ts";
import { CircuitOpenError, throughCircuit } from "../../outbound/circuit-breaker.ts";
import { OPERATIONS } from "../../directory/account-directory-do.ts";
import { callDirectory } from "../../directory/directory-client.ts";
import { log, logError } from "../../observe/log.ts";
import { MINUTE_MS } from "../../shared/time.ts";
import { count, observe } from "../../observe/metrics.ts";
import { flightsKey } from "../../outbound/cache-keys.ts";
import { amadeusFlights } from "./amadeus.ts";
import { demoFlights } from "./demo.ts";
import { duffelFlights } from "./duffel.ts";
import { FlightError } from "./flights.ts";
import type { FlightProvider, FlightQuery } from "./flights.ts";
import { offerSchema } from "../offer.ts";
import type { Offer } from "../offer.ts";

const MOST_CACHED = 20;

const cached = z.object({ offers: z.array(offerSchema) });

/** The provider that the settings name. */
export function providerOf(config: Config): FlightProvider {
  if (config.FLIGHTS_PROVIDER === "duffel") {
    return duffelFlights({
      baseUrl: config.DUFFEL_BASE_URL,
      token: config.DUFFEL_API_KEY ?? "",
      timeoutMs: config.FLIGHTS_TIMEOUT_MS,
    });
  }
  if (config.FLIGHTS_PROVIDER === "amadeus") {
    return amadeusFlights({
      baseUrl: config.AMADEUS_BASE_URL,
      clientId: config.AMADEUS_CLIENT_ID ?? "",
      clientSecret: config.AMADEUS_CLIENT_SECRET ?? "",
      officeId: config.AMADEUS_OFFICE_ID,
    });
  }
  return demoFlights;
}

/** The offers for a query, and whether the cache had them. */
export interface Searched {
  offers: Offer[];
  cached: boolean;
}

/**
 * The offers for a query, the cheapest first: from the cache, where they may be `CACHE_TTL_SECONDS` old, else from the
 * provider, unless that has failed too often of late.
 *
 * @param onMiss - called when the provider has to be asked; over when this is
 * @throws FlightError
 */
export async function searchFlights(
  env: Pick<Env, "CACHE" | "DIRECTORY">,
  config: Config,
  query: FlightQuery,
  onMiss?: () => Promise<void>,
): Promise<Searched> {
  const provider = providerOf(config);
  const key = flightsKey(provider.name, query);
  const kept = await readCache(env.CACHE, "flights", key, cached);
  if (kept) return { offers: kept.offers, cached: true };
  // At once with the search; what fails of it is thrown when that has ended.
  const told = onMiss?.();
  told?.catch(() => undefined);
  const began = Date.now();
  let result = "failed";
  try {
    const offers = (await ask(env, config, provider, query))
      .filter(({ price, legs }) => Number.isFinite(price.amount) && legs.length > 0)
      .toSorted((a, b) => a.price.amount - b.price.amount)
      .slice(0, MOST_CACHED);
    result = "found";
    await writeCache(env.CACHE, "flights", key, { offers }, config.CACHE_TTL_SECONDS);
    return { offers, cached: false };
  } finally {
    count("flight_searches_total", { provider: provider.name, result });
    observe("flight_search_ms", Date.now() - began, { provider: provider.name });
    await told;
  }
}

async function ask(
  env: Pick<Env, "DIRECTORY">,
  config: Config,
  provider: FlightProvider,
  query: FlightQuery,
): Promise<Offer[]> {
  const call = async () => {
    await awaitTurn(env, config, provider);
    return provider.search(query, AbortSignal.timeout(config.FLIGHTS_TIMEOUT_MS));
  };
  try {
    return provider.circuit === null
      ? await call()
      : await throughCircuit(env, provider.circuit, {
          resultOf,
          timeoutMs: 2 * config.FLIGHTS_TIMEOUT_MS,
          call,
        });
  } catch (error) {
    if (error instanceof CircuitOpenError)
      throw new FlightError(error.message, { isOutage: true, cause: error });
    if (!(error instanceof FlightError)) throw error;
    log("flights.failed", error.message, { provider: provider.name });
    throw error;
  }
}

/** A search that found no turn says nothing of the provider. */
const resultOf = (error: unknown) =>
  error instanceof FlightError && error.isOutage && !(error instanceof NoTurnError)
    ? "failure"
    : "undecided";

/** More searches wait than the provider allows. */
class NoTurnError extends FlightError {
  constructor(provider: string) {
    super(`${provider} allows no more searches for now`, { isOutage: true });
  }
}

/**
 * Waits until the provider's limit has room for a search. Without a limit, or while the directory fails, none waits.
 *
 * @throws NoTurnError where that takes longer than a search may
 */
async function awaitTurn(
  env: Pick<Env, "DIRECTORY">,
  { FLIGHTS_SEARCHES_A_MINUTE: calls, FLIGHTS_TIMEOUT_MS: maxWaitMs }: Config,
  { name }: FlightProvider,
): Promise<void> {
  if (calls === undefined) return;
  const limit = { calls, periodMs: MINUTE_MS, maxWaitMs };
  let waitMs: number | null = 0;
  try {
    waitMs = await callDirectory(env, OPERATIONS, (directory) =>
      directory.takeTurn(`flights:${name}`, limit, Date.now()),
    );
  } catch (error) {
    logError("flights.unpaced", "the limit of searches could not be read", error);
  }
  if (waitMs === null) throw new NoTurnError(name);
  if (waitMs > 0) await scheduler.wait(waitMs);
}
