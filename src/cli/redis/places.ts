import type { RedisReader } from "./reader.ts";
import { kindByName, nameOf, patternOf } from "./kinds.ts";
import type { KeyName, Kind } from "./kinds.ts";

/** A key, and what its name says. */
export interface PlacedKey {
  raw: Buffer;
  name: KeyName;
}

/** Where a conversation is: its keys; or a key of which that cannot be said, and why. */
export interface Place {
  /** The place's bytes, one character each: sorts as they do, and says them all. */
  position: string;
  /** For a person. */
  from: string;
  keys: PlacedKey[];
  problem?: string;
}

/**
 * Every place, in the order of its bytes. SCAN may tell of a key twice, and in another order each time.
 *
 * @param langchainPrefix - "" takes every list that is of no other kind
 */
export async function findPlaces(
  reader: RedisReader,
  kinds: readonly Kind[],
  langchainPrefix: string,
): Promise<Place[]> {
  const places = new Map<string, Place>();
  const seen = new Set<string>();
  for (const kind of kinds) {
    const isAny = kind === "langchain" && langchainPrefix === "";
    const pattern = patternOf(kind, langchainPrefix);
    for await (const raw of reader.scan(pattern, isAny ? "list" : undefined)) {
      const bytes = raw.toString("latin1");
      if (seen.has(bytes) || (isAny && kindByName(bytes) !== undefined)) continue;
      seen.add(bytes);
      const key = textOf(raw);
      const name = key === null ? "its name is not UTF-8" : nameOf(key, kind, langchainPrefix);
      if (typeof name === "string") {
        const from = key ?? escaped(raw);
        places.set(`!${bytes}`, { position: bytes, from, keys: [], problem: name });
        continue;
      }
      const position = Buffer.from(name.place).toString("latin1");
      const place = places.get(position) ?? { position, from: name.place, keys: [] };
      place.keys = withKey(place.keys, { raw, name });
      places.set(position, place);
    }
  }
  return [...places.values()].toSorted((a, b) =>
    a.position < b.position ? -1 : Number(a.position > b.position),
  );
}

/** Only a thread's newest and first checkpoints are read, in this order. Their ids rise with the time. */
function withKey(keys: readonly PlacedKey[], key: PlacedKey): PlacedKey[] {
  const all = [...keys, key];
  if (key.name.kind !== "langgraph") return all;
  const sorted = all.toSorted((a, b) => Buffer.compare(b.raw, a.raw));
  return sorted.length < 2
    ? sorted
    : [sorted[0], sorted.at(-1)].filter((each) => each !== undefined);
}

const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes as text; null where they are none. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    return UTF_8.decode(bytes);
  } catch {
    return null;
  }
}

/** Bytes as redis-cli shows them. */
const escaped = (bytes: Buffer): string =>
  bytes
    .toString("latin1")
    .replaceAll(
      /[^ -~]/g,
      (byte) => String.raw`\x${byte.charCodeAt(0).toString(16).padStart(2, "0")}`,
    );
