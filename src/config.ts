import { z } from "zod";

import { withPresentNames } from "./shared/renamed-settings.ts";
import { ON, flagVar } from "./shared/flags.ts";
import { ACCOUNT_ID_PATTERN, ACCOUNT_ID_RULE } from "./shared/ids.ts";
import {
  embeddingModelName,
  missingSettings,
  modelName,
  providerSettings,
} from "./shared/model-providers.ts";
import { optional, readSettings, setting } from "./shared/setting.ts";
import type { ValuesOf } from "./shared/setting.ts";

const milliseconds = () => z.coerce.number().int().positive();
const SECONDS_RULE = "takes whole seconds above zero";
const seconds = () =>
  z.coerce.number({ error: SECONDS_RULE }).int(SECONDS_RULE).positive(SECONDS_RULE);

const DAYS_RULE = "takes a number of days above zero";
const days = () => z.coerce.number({ error: DAYS_RULE }).positive(DAYS_RULE).max(36_500, DAYS_RULE);
const HOURS_RULE = "takes a number of hours above zero";
const hours = () => z.coerce.number({ error: HOURS_RULE }).positive(HOURS_RULE);
const COUNT_RULE = "takes a whole number above zero";
const count = () => z.coerce.number({ error: COUNT_RULE }).int(COUNT_RULE).min(1, COUNT_RULE);
const MIB_RULE = "takes a number of MiB, 1 to 100";
const ACCOUNT_MB_RULE = "takes a number of MB, 1 to 10000";
const ROUTES_RULE = "takes up to 50 pairs of IATA codes, such as NYC-LON, comma-separated";
const wrappingKey = () =>
  z
    .string()
    .regex(
      /^[A-Za-z0-9+/]{43}=$/,
      "takes 32 bytes in base64; make them with: openssl rand -base64 32",
    );

const ALIASES_RULE =
  "takes pairs such as gpt-5=openai/gpt-5.2, comma-separated: a name, and one of MODEL, default or assistant/<name>";
const FLIGHTS_NEEDS = {
  demo: [],
  duffel: ["DUFFEL_API_KEY"],
  amadeus: ["AMADEUS_CLIENT_ID", "AMADEUS_CLIENT_SECRET"],
} as const;
const TWILIO = [
  "TWILIO_ACCOUNT_SID",
  "TWILIO_AUTH_TOKEN",
  "TWILIO_WHATSAPP_NUMBER",
  "PUBLIC_URL",
] as const;

/**
 * Every var and secret, parsed once. A wrong one stops start-up with its name and what it takes. Bindings are not here:
 * `wrangler types` gives their types.
 */
const SETTINGS = {
  /** `keys` refuses a request without a key. `open` takes `accountId` from the request, for development only. */
  AUTH: setting(() => z.enum(["keys", "open"], { error: 'takes "keys" or "open"' }), "keys"),
  /** The models that answer, in order of preference. */
  MODEL: setting(
    () =>
      z
        .string()
        .transform((list) => list.split(","))
        .pipe(z.array(modelName())),
    ["local"],
  ),
  /** Names of models for `/v1`, comma-separated: `gpt-5=openai/gpt-5.2,*=default`. `*` is every other name. */
  MODEL_ALIASES: setting(
    () =>
      z
        .string()
        .transform((list) => list.split(",").filter((pair) => pair.trim() !== ""))
        .pipe(z.array(z.string().regex(/^[^=]+=[^=]+$/, ALIASES_RULE)))
        .transform(
          (pairs) =>
            new Map(
              pairs.map((pair) => pair.split("=").map((name) => name.trim()) as [string, string]),
            ),
        ),
    new Map(),
  ),
  /** `off`: there is no `/console`. */
  CONSOLE: setting(() => z.enum(["on", "off"], { error: 'takes "on" or "off"' }), "on"),
  /** Whether `/v1` refuses fields that it does not know. By default it ignores them. */
  STRICT: setting(() => z.enum(["on", "off"], { error: 'takes "on" or "off"' }), "off"),
  /** Whether spans of model calls have the messages and the answer. */
  TRACE_CONTENT: setting(() => z.enum(["on", "off"], { error: 'takes "on" or "off"' }), "off"),
  /** The time-out of one try of one model, in milliseconds. */
  MODEL_TIMEOUT_MS: setting(() => milliseconds().max(600_000), 60_000),
  /** A secret of at least 32 characters. It signs the keys, and is itself the first admin's key. */
  ROOT_KEY: optional(() =>
    z.string().min(32, "takes at least 32 characters; make one with: openssl rand -base64 32"),
  ),
  /** The issuer whose JWTs are accepted: their `iss`. Its keys are at `/.well-known/jwks.json`, unless `JWT_JWKS_URL` is set. */
  JWT_ISSUER: optional(() => z.url()),
  JWT_AUDIENCE: optional(() => z.string().min(1)),
  JWT_JWKS_URL: optional(() => z.url()),
  /** The claims of the account, the user, the role and the scopes (a list, or words in a string). */
  JWT_ACCOUNT_CLAIM: setting(() => z.string().min(1), "account_id"),
  JWT_USER_CLAIM: setting(() => z.string().min(1), "sub"),
  JWT_ROLE_CLAIM: setting(() => z.string().min(1), "role"),
  JWT_SCOPES_CLAIM: setting(() => z.string().min(1), "scope"),
  /** Origins that browsers may call from, comma-separated; none by default. */
  CORS_ORIGINS: optional(() =>
    z.string().transform((list) => list.split(",").map((origin) => origin.trim())),
  ),
  ...providerSettings,
  /** Days without a turn after which a session is archived and purged. An account may have its own number. */
  RETENTION_DAYS: setting(days, 30),
  /** The same in hours. It overrules `RETENTION_DAYS`. */
  SESSION_TTL_HOURS: optional(hours),
  /** Days after which an archive is deleted. */
  ARCHIVE_RETENTION_DAYS: setting(days, 90),
  /** The size of an account's SQLite in MB at which it takes nothing more. Cloudflare ends it at 10 GB. */
  ACCOUNT_MAX_MB: setting(
    () =>
      z.coerce
        .number({ error: ACCOUNT_MB_RULE })
        .min(1, ACCOUNT_MB_RULE)
        .max(10_000, ACCOUNT_MB_RULE),
    10_000,
  ),
  /** The largest archive segment in R2, in MiB. A larger session has a segment of its own. */
  MAX_ARCHIVE_SIZE_MB: setting(
    () => z.coerce.number({ error: MIB_RULE }).min(1, MIB_RULE).max(100, MIB_RULE),
    50,
  ),
  /** A secret of 32 bytes in base64. It wraps the keys that encrypt archives and backups. */
  ARCHIVE_KEY: optional(wrappingKey),
  /** The earlier `ARCHIVE_KEY`, until maintenance has wrapped all keys with the new one. */
  ARCHIVE_KEY_PREVIOUS: optional(wrappingKey),
  /** Days between automatic backups of each account. Absent: there are none. */
  BACKUP_EVERY_DAYS: optional(days),
  /** The number of automatic backups that are kept, and the days that any backup is kept. */
  BACKUPS_KEPT: setting(count, 7),
  BACKUP_RETENTION_DAYS: setting(days, 30),
  /** The journal's oldest calls are archived past this many events. A call has two, its request and its response. */
  CONVERSATION_EVENTS_MAX_ROWS: setting(count, 100_000),
  /** How calls are written: as rows of the old schema (`false`), as both (`dual`), or as calls (`true`). */
  USE_CONVERSATION_SCHEMA_V2: setting(
    () => z.enum(["false", "dual", "true"], { error: 'takes "false", "dual" or "true"' }),
    "true",
  ),
  /** Hours that answers and embeddings stay in the cache. */
  CACHE_TTL_HOURS: setting(() => hours().max(8_760), 24),
  /** Hours between runs of the maintenance. The cron skips the others. */
  CLEANUP_INTERVAL_HOURS: setting(hours, 6),
  /** Makes the vectors of `POST /v1/embeddings`. */
  EMBEDDING_MODEL: setting(embeddingModelName, "local"),
  /** Seconds without a turn after which a user's next one opens a new session, for assistants with an idle time. */
  CONTEXT_TTL: setting(seconds, 1_800),
  /** The same for `customer` and `admin` alone. */
  CUSTOMER_CONTEXT_TTL: optional(seconds),
  ADMIN_CONTEXT_TTL: optional(seconds),
  /** Whether turns are stored. When off, `/query` answers and stores nothing. */
  ENABLE_CONVERSATION_STORAGE: setting(flagVar, ON),
  /** Whether turns with a `user_id` are stored. The flag above must be on, too. */
  UNIFIED_CONVERSATION_ENABLED: setting(flagVar, ON),
  /** Whether the travel assistant reads whole messages, and whether it announces a search. See docs/travel.md. */
  use_smart_handler: setting(flagVar, ON),
  use_async_search: setting(flagVar, ON),
  /** Seconds without a message after which a traveller's next one opens a new session. */
  SESSION_TTL_SECONDS: setting(seconds, 900),
  /** The source of flights: the embedded invented timetable, or a service. */
  FLIGHTS_PROVIDER: setting(
    () => z.enum(["demo", "duffel", "amadeus"], { error: 'takes "demo", "duffel" or "amadeus"' }),
    "demo",
  ),
  /** The time-out of a search for flights, in milliseconds. */
  FLIGHTS_TIMEOUT_MS: setting(() => milliseconds().max(60_000), 20_000),
  /** How many searches the service of flights allows in a minute, of the whole deployment; absent: any number. */
  FLIGHTS_SEARCHES_A_MINUTE: optional(() =>
    z.coerce
      .number({ error: COUNT_RULE })
      .int(COUNT_RULE)
      .min(1, COUNT_RULE)
      .max(10_000, "takes 10000 at most"),
  ),
  /** Seconds that found flights stay in the cache. */
  CACHE_TTL_SECONDS: setting(seconds, 3_600),
  /** The currency of prices, unless a traveller's budget names one. */
  TRAVEL_CURRENCY: setting(
    () => z.string().regex(/^[A-Z]{3}$/, "takes a currency by its three letters, such as USD"),
    "USD",
  ),
  /** The routes that `POST /admin/cache/warm` searches for: pairs of IATA codes, comma-separated. */
  TRAVEL_ROUTES: setting(
    () =>
      z
        .string()
        .transform((list) => list.split(",").map((route) => route.trim()))
        .pipe(
          z
            .array(z.string().regex(/^[A-Z]{3}-[A-Z]{3}$/, ROUTES_RULE))
            .min(1, ROUTES_RULE)
            .max(50, ROUTES_RULE),
        ),
    ["NYC-LON", "NYC-LAX", "LON-PAR", "SFO-TYO"],
  ),
  DUFFEL_API_KEY: optional(() => z.string().min(1)),
  DUFFEL_BASE_URL: setting(() => z.url(), "https://api.duffel.com"),
  AMADEUS_CLIENT_ID: optional(() => z.string().min(1)),
  AMADEUS_CLIENT_SECRET: optional(() => z.string().min(1)),
  /** The office of an Enterprise customer, if Amadeus requires one. */
  AMADEUS_OFFICE_ID: optional(() => z.string().min(1)),
  AMADEUS_BASE_URL: setting(() => z.url(), "https://travel.api.amadeus.com"),
  /** Twilio's account, its secret token, and the number that writes on WhatsApp: all three, or none. */
  TWILIO_ACCOUNT_SID: optional(() => z.string().min(1)),
  TWILIO_AUTH_TOKEN: optional(() => z.string().min(1)),
  TWILIO_WHATSAPP_NUMBER: optional(() =>
    z
      .string()
      .regex(/^(whatsapp:)?\+\d{6,15}$/, "takes a number such as +14155238886")
      .transform((number) => (number.startsWith("whatsapp:") ? number : `whatsapp:${number}`)),
  ),
  /** `off` takes webhooks without Twilio's signature. For development: refused unless `AUTH` is `open` and `DEV_CLOCK` is `on`. */
  TWILIO_SIGNATURE: setting(() => z.enum(["on", "off"], { error: 'takes "on" or "off"' }), "on"),
  TWILIO_BASE_URL: setting(() => z.url(), "https://api.twilio.com"),
  /** The URL by which Twilio reaches this deployment. Its signatures cover this URL. */
  PUBLIC_URL: optional(() => z.url().transform((url) => url.replace(/\/+$/, ""))),
  /** The account that WhatsApp's conversations belong to. */
  WHATSAPP_ACCOUNT: setting(
    () => z.string().regex(ACCOUNT_ID_PATTERN, `takes an id: ${ACCOUNT_ID_RULE}`),
    "default",
  ),
  /** The messages a minute after which a number is asked to slow down. */
  WHATSAPP_MESSAGES_A_MINUTE: setting(count, 20),
  /** The reply of `/query` when storage fails: refuse with 503, or answer with `"stored": false`. */
  ON_STORAGE_ERROR: setting(
    () => z.enum(["fail", "answer"], { error: 'takes "fail" or "answer"' }),
    "fail",
  ),
  /** `on` lets a request set the time with `x-dev-now: <ms>`. Refused unless `AUTH` is `open`. */
  DEV_CLOCK: setting(() => z.enum(["on", "off"], { error: 'takes "on" or "off"' }), "off"),
};

export type Config = ValuesOf<typeof SETTINGS>;

/** What settings need of each other. @returns for each wrong one its name with what it takes */
function wrongTogether(config: Config): string[] {
  const wrong: string[] = [];
  const refuse = (name: string, message: string) => wrong.push(`${name} ${message}`);
  const need = (settings: readonly (keyof Config)[], why: (name: string) => string) => {
    for (const name of settings) if (config[name] === undefined) refuse(name, why(name));
  };
  for (const model of config.MODEL) {
    for (const [missing, holds] of missingSettings(config, model))
      refuse(missing, `is needed by MODEL=${model}: ${holds}`);
  }
  for (const [, name] of config.MODEL_ALIASES) {
    if (name === "default" || name.startsWith("assistant/") || config.MODEL.includes(name))
      continue;
    refuse("MODEL_ALIASES", `${ALIASES_RULE}; ${name} is none`);
  }
  need(
    FLIGHTS_NEEDS[config.FLIGHTS_PROVIDER],
    () => `is needed by FLIGHTS_PROVIDER=${config.FLIGHTS_PROVIDER}`,
  );
  const usesTwilio = TWILIO.slice(0, 3).some((name) => config[name] !== undefined);
  if (usesTwilio)
    need(TWILIO, (name) => `is needed beside ${TWILIO.filter((each) => each !== name).join(", ")}`);
  if (config.ARCHIVE_KEY_PREVIOUS && !config.ARCHIVE_KEY)
    refuse("ARCHIVE_KEY", "is needed by ARCHIVE_KEY_PREVIOUS: the key that follows it");
  if (config.JWT_ISSUER && !config.JWT_AUDIENCE)
    refuse(
      "JWT_AUDIENCE",
      "is needed by JWT_ISSUER: the audience of its tokens. Without it any token of the issuer would be accepted",
    );
  if (config.DEV_CLOCK === "on" && config.AUTH !== "open")
    refuse("DEV_CLOCK", "is for development: it takes AUTH=open");
  if (config.TWILIO_SIGNATURE === "off" && (config.AUTH !== "open" || config.DEV_CLOCK !== "on"))
    refuse("TWILIO_SIGNATURE", "is for development: off takes AUTH=open and DEV_CLOCK=on");
  return wrong;
}

/** @throws Error that names each wrong setting and what it takes */
export function parseConfig(vars: object): Config {
  const { values, wrong } = readSettings(SETTINGS, withPresentNames(vars));
  if (wrong.length === 0) wrong.push(...wrongTogether(values));
  if (wrong.length === 0) return values;
  throw new Error(`Colloquy cannot start with these settings: ${wrong.join("; ")}`);
}

const parsedConfigs = new WeakMap<object, Config>();

/** The configuration of an environment, parsed at its first use. */
export function configOf(env: object): Config {
  let config = parsedConfigs.get(env);
  if (!config) {
    config = parseConfig(env);
    parsedConfigs.set(env, config);
  }
  return config;
}
