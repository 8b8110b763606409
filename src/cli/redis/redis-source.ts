import { SECOND_MS } from "../../shared/time.ts";
import type { Found, Source } from "../source.ts";
import { SOURCE_TTL_SECONDS } from "./expiry.ts";
import { KINDS, LANGCHAIN_PREFIX } from "./kinds.ts";
import type { Kind } from "./kinds.ts";
import { openMysqlHistory } from "./mysql-history.ts";
import type { MysqlHistory } from "./mysql-history.ts";
import { findPlaces } from "./places.ts";
import type { Place } from "./places.ts";
import { readPlace } from "./read-place.ts";
import { RedisReader } from "./reader.ts";

/** Places of which the keys are read together. */
const BATCH_PLACES = 100;

export interface RedisSourceOptions {
  /** `redis://user:password@host:port/database`, or `rediss://` for TLS. */
  url: string;
  /** All that are found, unless it says which. */
  kinds?: readonly Kind[] | undefined;
  /** The prefix of LangChain's keys. Empty, as in LangChain JS: every list that is of no other kind. */
  langchainPrefix?: string | undefined;
  /** The TTL in seconds that the source sets for a kind's keys, where it is not the usual one. */
  sourceTtl?: Partial<Record<Kind, number>> | undefined;
  /** The MySQL that has the messages of the `admin:context:` and `chat:customer:` keys. */
  mysql?: string | undefined;
  /** Where they are in it: see docs/migrate/mysql.md. */
  mysqlMapping?: unknown;
  /** How many messages of each admin and customer are read from MySQL, counted from the last; all by default. */
  mysqlLast?: number | undefined;
  /** Ms since the epoch; no session was accessed later. */
  now?: number | undefined;
}

/**
 * The conversations of a Redis, in the order of their keys. It is read with SCAN, TYPE, PEXPIRETIME (before Redis 7:
 * PTTL), GET, LRANGE, HGETALL and JSON.GET only.
 */
export function redisSource(options: RedisSourceOptions): Source {
  const { url, kinds = KINDS, langchainPrefix = LANGCHAIN_PREFIX, sourceTtl } = options;
  const sourceTtlMs = Object.fromEntries(
    Object.entries({ ...SOURCE_TTL_SECONDS, ...sourceTtl }).map(([kind, seconds]) => [
      kind,
      seconds * SECOND_MS,
    ]),
  );
  const now = options.now ?? Date.now();
  let opened: Promise<Opened> | null = null;
  const open = () => (opened ??= openAll());

  async function openAll(): Promise<Opened> {
    const reader = await RedisReader.connect(url, Date.now);
    try {
      const { mysql, mysqlMapping: mapping, mysqlLast: last } = options;
      const isWanted = kinds.includes("admin") || kinds.includes("customer");
      const history =
        mysql === undefined || !isWanted
          ? null
          : await openMysqlHistory(mysql, { mapping, last, now });
      return { reader, history, places: await findPlaces(reader, kinds, langchainPrefix) };
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  async function* read(after: string | null): AsyncGenerator<Found> {
    const { reader, history, places } = await open();
    const rest = after === null ? places : places.filter(({ position }) => position > after);
    let before = after ?? "";
    for (let begin = 0; begin < rest.length; begin += BATCH_PLACES) {
      const batch = rest.slice(begin, begin + BATCH_PLACES);
      const stored = await reader.read(batch.flatMap(({ keys }) => keys.map(({ raw }) => raw)));
      for (const place of batch) {
        const of = stored.splice(0, place.keys.length);
        yield* readPlace(place, of, { before, sourceTtlMs, now, mysql: history, reader });
        before = place.position;
      }
    }
  }

  return {
    total: async () => (await open()).places.length,
    read,
    close: async () => {
      const { reader, history } = (await opened?.catch(() => null)) ?? {};
      await Promise.all([reader?.close(), history?.close()]);
    },
  };
}

interface Opened {
  reader: RedisReader;
  history: MysqlHistory | null;
  places: Place[];
}
