import { parseArgs } from "node:util";

import { FILE_KINDS } from "./files/files.ts";
import type { FileKind } from "./files/files.ts";
import { KINDS } from "./redis/kinds.ts";
import type { Kind } from "./redis/kinds.ts";

const ON_CONFLICT = ["skip", "merge", "replace", "fail"] as const;
const BRANCHES = ["active", "all"] as const;
const SERVERS = ["redis", "mysql", "postgresql", "sqlite", "journal", "opentelemetry"] as const;

export const USAGE = `Usage: npm run transfer -- <source> <where> [options]
       npm run transfer -- undo <import_id> [options]

Sources
  file                   a file or a directory: what it is, is found out
  ${FILE_KINDS.join(" | ")}
                         the same, where it is known
  redis | mysql | postgresql | journal       the URL of a server
  sqlite                 a SQLite file
  opentelemetry          spans of model calls, as files in OTLP's JSON: they become calls

Options
  --dry-run              say what would be imported, and import nothing
  --to <url>             Colloquy; COLLOQUY_URL, or else http://localhost:8787
  --account <id>         its account; the key's own unless it says so
  --on-conflict <how>    for sessions that are there: ${ON_CONFLICT.join(" | ")} (skip)
  --resume <import_id>   go on with an import that was interrupted
  --json                 the report as JSON

  --branches <which>     of chats with branches: ${BRANCHES.join(" | ")} (active)
  --user <user_id>       whose the conversations of a file are
  --kinds <list>         of a Redis: ${KINDS.join(",")} (all)
  --langchain-prefix <text>  what LangChain's keys in Redis begin with (message_store:)
  --source-ttl <list>    seconds until a kind's keys expire there, as customer=3600,travel=900
                         (customer, admin and conversation 1800, travel 900)
  --mysql <url>          where the messages of admin:context:* and chat:customer:* lie
  --mysql-mapping <file> how: see docs/migrate/redis.md
  --mysql-last <n>       how many messages of each admin and customer, counted from the last (all)
  --mapping <file>       which columns have what: see docs/migrate/mysql.md; without it, the tables of
                         a known program are looked for
  --langchain [table]    of a database: LangChain's table (message_store)
  --after <call_id>      of a journal: go on after this call

The key is read from COLLOQUY_KEY.`;

/** An error of the command line, for the person who typed it. */
export class UsageError extends Error {}

export type Options = ReturnType<typeof readOptions>;

/** @throws UsageError */
export function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv) {
  const { values, positionals } = parse(argv);
  const [source, where, ...more] = positionals;
  if (source === undefined || where === undefined || more.length > 0)
    throw new UsageError(
      more.length > 0 ? `${more[0]}: one source at a time.` : "Name a source, and where it is.",
    );
  if (!isSource(source)) throw new UsageError(`${source}: is no source.`);
  return {
    source,
    where,
    to: urlOf(values.to ?? env["COLLOQUY_URL"] ?? "http://localhost:8787"),
    key: env["COLLOQUY_KEY"],
    account: values.account,
    dryRun: values["dry-run"],
    onConflict: oneOf("--on-conflict", ON_CONFLICT, values["on-conflict"]),
    resume: values.resume,
    json: values.json,
    branches: oneOf("--branches", BRANCHES, values.branches),
    user: values.user,
    kinds: values.kinds?.split(",").map((kind) => oneOf("--kinds", KINDS, kind)),
    langchainPrefix: values["langchain-prefix"],
    sourceTtl: ttlsOf(values["source-ttl"]),
    mysql: values.mysql,
    mysqlMapping: values["mysql-mapping"],
    mysqlLast: numberOf("--mysql-last", values["mysql-last"]),
    mapping: values.mapping,
    langchain: values.langchain === "" ? true : values.langchain,
    after: values.after,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: withTable(argv),
      allowPositionals: true,
      options: {
        "dry-run": { type: "boolean", default: false },
        to: { type: "string" },
        account: { type: "string" },
        "on-conflict": { type: "string", default: "skip" },
        resume: { type: "string" },
        json: { type: "boolean", default: false },
        branches: { type: "string", default: "active" },
        user: { type: "string" },
        kinds: { type: "string" },
        "langchain-prefix": { type: "string" },
        "source-ttl": { type: "string", multiple: true },
        mysql: { type: "string" },
        "mysql-mapping": { type: "string" },
        "mysql-last": { type: "string" },
        mapping: { type: "string" },
        langchain: { type: "string" },
        after: { type: "string" },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** `--langchain` alone is LangChain's own table. */
function withTable(argv: readonly string[]): string[] {
  return argv.map((arg, index) =>
    arg === "--langchain" && (argv[index + 1] ?? "--").startsWith("--") ? `${arg}=` : arg,
  );
}

export type SourceName = FileKind | (typeof SERVERS)[number] | "file" | "undo";

const SOURCES: ReadonlySet<string> = new Set([...FILE_KINDS, ...SERVERS, "file", "undo"]);
const isSource = (name: string): name is SourceName => SOURCES.has(name);

function oneOf<T extends string>(option: string, known: readonly T[], value: string): T {
  const found = known.find((each) => each === value);
  if (found !== undefined) return found;
  throw new UsageError(`${option} takes ${known.join(", ")}.`);
}

function numberOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (Number(text) > 0) return Number(text);
  throw new UsageError(`${option} takes a number above zero.`);
}

/** `customer=3600,travel=900`, in one option or in several. */
function ttlsOf(texts: readonly string[] = []): Partial<Record<Kind, number>> {
  const pairs = texts.flatMap((text) => text.split(","));
  return Object.fromEntries(
    pairs.map((pair) => {
      const [kind = "", seconds] = pair.split("=");
      return [oneOf("--source-ttl", KINDS, kind), numberOf(`--source-ttl ${kind}`, seconds ?? "")];
    }),
  );
}

function urlOf(text: string): URL {
  if (/^https?:/.test(text) && URL.canParse(text)) return new URL(text);
  throw new UsageError(`${text}: is no http URL.`);
}
