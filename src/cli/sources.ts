import { readFile } from "node:fs/promises";

import { DAY_MS } from "../shared/time.ts";
import type { Client } from "./client.ts";
import { Refused } from "./client.ts";
import { filesSource } from "./files/files.ts";
import { UsageError } from "./options.ts";
import type { Options, SourceName } from "./options.ts";
import type { Source } from "./source.ts";

/**
 * The clients of servers are loaded by whoever speaks to one.
 *
 * @throws UsageError where an option is missing or wrong
 */
export async function sourceOf(
  source: Exclude<SourceName, "undo" | "journal">,
  options: Options,
  client: Client,
): Promise<Source> {
  const { where: url, branches, user, kinds, langchainPrefix, mysql, mysqlLast } = options;
  const mapping = await readMapping(options.mapping);
  if (source === "redis") {
    const { redisSource } = await import("./redis/redis-source.ts");
    return redisSource({
      url,
      kinds,
      langchainPrefix,
      idleMs: (options.idleDays ?? (await idleDays(client))) * DAY_MS,
      mysql,
      mysqlMapping: await readMapping(options.mysqlMapping),
      mysqlLast,
    });
  }
  if (source === "mysql" || source === "postgresql") {
    const { langchain } = options;
    if (mapping === undefined && langchain === undefined)
      throw new UsageError(`${source} takes --mapping <file>, or --langchain <table>.`);
    const { mysqlSource, postgresSource } = await import("./sql/sql-source.ts");
    return (source === "mysql" ? mysqlSource : postgresSource)({ url, mapping, langchain });
  }
  return filesSource(source, url, { branches, ...(user !== undefined && { user }) });
}

async function readMapping(file: string | undefined): Promise<unknown> {
  if (file === undefined) return undefined;
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
}

/** After how long a session expires where they go to. A key that may not know is told what holds unless it is set. */
async function idleDays(client: Client): Promise<number> {
  const FOREVER = 36_500;
  try {
    const { effective } = await client.call<{ effective: { idle_days: number | null } }>(
      "GET",
      "/retention",
    );
    return effective.idle_days ?? FOREVER;
  } catch (error) {
    if (error instanceof Refused && error.status === 403)
      throw new UsageError("The key may not read the retention: say --idle-days.");
    throw error;
  }
}
