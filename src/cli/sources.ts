import { readFile } from "node:fs/promises";

import { filesSource } from "./files/files.ts";
import { UsageError } from "./options.ts";
import type { Options, SourceName } from "./options.ts";
import type { Source } from "./source.ts";
import { parseJson } from "../shared/json.ts";

/**
 * Opens a source. The client of a server is loaded where it is needed.
 *
 * @throws UsageError where an option is missing or wrong
 */
export async function sourceOf(
  source: Exclude<SourceName, "file" | "undo" | "journal" | "opentelemetry">,
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
  if (source === "mysql" || source === "postgresql" || source === "sqlite") {
    const { langchain } = options;
    const { mysqlSource, postgresSource, sqliteSource } = await import("./sql/sql-source.ts");
    const open = { mysql: mysqlSource, postgresql: postgresSource, sqlite: sqliteSource }[source];
    return open({ url, mapping, langchain, branches, ...(user !== undefined && { user }) });
  }
  return filesSource(source, url, { branches, ...(user !== undefined && { user }) });
}

async function readMapping(file: string | undefined): Promise<unknown> {
  if (file === undefined) return undefined;
  try {
    return parseJson(await readFile(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
}
