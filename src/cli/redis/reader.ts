import { RESP_TYPES, createClient } from "redis";

/** Keys that one reply of SCAN looks at. */
const SCAN_COUNT = 1_000;
const CONNECT_MS = 10_000;

/** The value of a key; `missing`: it expired, or was deleted, since it was found. */
export type Stored =
  | { type: "string"; value: Buffer }
  | { type: "list"; values: Buffer[] }
  | { type: "hash"; fields: [Buffer, Buffer][] }
  | { type: "missing" }
  | { type: "other"; name: string };

export interface StoredKey {
  stored: Stored;
  /** When the key expires, in ms since the epoch; null: never. */
  expires_at: number | null;
}

/** Redis, of which nothing is changed: every command here only reads. */
export class RedisReader {
  readonly #client: Client;
  /** PEXPIRETIME came with Redis 7. */
  #tellsExpiry = true;
  readonly #now: () => number;

  private constructor(client: Client, now: () => number) {
    this.#client = client;
    this.#now = now;
  }

  /** @throws Error that says what is wrong, without the password */
  static async connect(url: string, now: () => number): Promise<RedisReader> {
    const at = addressOf(url);
    // Version 2 of the protocol: servers before Redis 6 have no other.
    const client = createClient({
      url,
      RESP: 2,
      socket: { connectTimeout: CONNECT_MS, reconnectStrategy: false },
    });
    // Each command that fails is told of by itself.
    client.on("error", () => undefined);
    try {
      await client.connect();
      // Since Redis 7.2: reads do not make keys look used.
      await client.sendCommand(["CLIENT", "NO-TOUCH", "ON"]).catch(() => undefined);
    } catch (error) {
      client.destroy();
      throw new Error(`No connection to Redis at ${at}: ${reasonOf(error)}.`, { cause: error });
    }
    return new RedisReader(client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }), now);
  }

  async *scan(pattern: string, type: string | undefined): AsyncGenerator<Buffer> {
    let cursor: string | Buffer = "0";
    do {
      const only = type === undefined ? [] : ["TYPE", type];
      const args = ["SCAN", cursor, "MATCH", pattern, "COUNT", String(SCAN_COUNT), ...only];
      const reply = (await this.#send(args)) as [Buffer, Buffer[]];
      cursor = reply[0].toString();
      yield* reply[1];
    } while (cursor !== "0");
  }

  /** Reads the keys in two round trips. */
  async read(keys: readonly Buffer[]): Promise<StoredKey[]> {
    const types = await Promise.all(
      keys.map((key) => Promise.all([this.#send(["TYPE", key]), this.#expiry(key)])),
    );
    return Promise.all(
      types.map(async ([type, expires_at], index) => ({
        stored: await this.#value(keys[index] as Buffer, String(type)),
        expires_at,
      })),
    );
  }

  async #value(key: Buffer, type: string): Promise<Stored> {
    try {
      if (type === "string") {
        const value = (await this.#send(["GET", key])) as Buffer | null;
        return value === null ? { type: "missing" } : { type, value };
      }
      if (type === "list") {
        const values = (await this.#send(["LRANGE", key, "0", "-1"])) as Buffer[];
        return values.length === 0 ? { type: "missing" } : { type, values };
      }
      if (type === "hash") {
        const flat = (await this.#send(["HGETALL", key])) as Buffer[];
        const fields = flat.flatMap((name, at) =>
          at % 2 === 0 ? [[name, flat[at + 1] as Buffer] satisfies [Buffer, Buffer]] : [],
        );
        return fields.length === 0 ? { type: "missing" } : { type, fields };
      }
      // The module RedisJSON.
      if (type === "ReJSON-RL") {
        const value = (await this.#send(["JSON.GET", key])) as Buffer | null;
        return value === null ? { type: "missing" } : { type: "string", value };
      }
    } catch (error) {
      // Between the two round trips it became something else.
      if (/WRONGTYPE/.test(reasonOf(error))) return { type: "other", name: "changing" };
      throw error;
    }
    return type === "none" ? { type: "missing" } : { type: "other", name: type };
  }

  async #expiry(key: Buffer): Promise<number | null> {
    if (this.#tellsExpiry) {
      try {
        const at = Number(await this.#send(["PEXPIRETIME", key]));
        return at < 0 ? null : at;
      } catch (error) {
        // Or the user may not ask.
        if (!/unknown command|NOPERM/i.test(reasonOf(error))) throw error;
        this.#tellsExpiry = false;
      }
    }
    const left = Number(await this.#send(["PTTL", key]));
    // To the second, so that reading it again tells the same.
    return left < 0 ? null : Math.round((this.#now() + left) / 1_000) * 1_000;
  }

  async #send(args: (string | Buffer)[]): Promise<unknown> {
    try {
      return await this.#client.sendCommand(args);
    } catch (error) {
      throw new Error(`Redis: ${String(args[0])} failed: ${reasonOf(error)}`, { cause: error });
    }
  }

  async close(): Promise<void> {
    if (this.#client.isOpen) await this.#client.close();
  }
}

interface Client {
  isOpen: boolean;
  sendCommand(args: (string | Buffer)[]): Promise<unknown>;
  close(): Promise<void>;
}

/** Host and port: the rest of a URL may hold a password. */
function addressOf(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed || !/^rediss?:$/.test(parsed.protocol))
    throw new Error("Redis takes a URL such as redis://localhost:6379.");
  return parsed.host || "localhost:6379";
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error.message || error.name;
}
