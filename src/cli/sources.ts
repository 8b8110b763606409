import { readFile } from "node:fs/promises";

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
): Promise<Source> {
  const { where: url, branches, user, kinds, langchainPrefix, mysql, mysqlLast } = options;
  const mapping = await readMapping(options.mapping);
  if (source === "redis") {
    const { redisSource } = await import("./redis/redis-source.ts");
    return redisSource({
      url,
      kinds,
      langchainPrefix,
      sourceTtl: options.sourceTtl,
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
