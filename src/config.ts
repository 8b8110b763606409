import { z } from "zod";

import { withPresentNames } from "./shared/renamed-settings.ts";
import { flagVar } from "./shared/flags.ts";
import { ACCOUNT_ID_PATTERN, ACCOUNT_ID_RULE } from "./shared/ids.ts";
import {
  embeddingModelName,
  missingSettings,
  modelName,
  providerSettings,
} from "./shared/model-providers.ts";

const milliseconds = z.coerce.number().int().positive();
const SECONDS_RULE = "takes whole seconds above zero";
const seconds = z.coerce.number({ error: SECONDS_RULE }).int(SECONDS_RULE).positive(SECONDS_RULE);

const DAYS_RULE = "takes a number of days above zero";
const days = z.coerce.number({ error: DAYS_RULE }).positive(DAYS_RULE).max(36_500, DAYS_RULE);
const HOURS_RULE = "takes a number of hours above zero";
const hours = z.coerce.number({ error: HOURS_RULE }).positive(HOURS_RULE);
const COUNT_RULE = "takes a whole number above zero";
const count = z.coerce.number({ error: COUNT_RULE }).int(COUNT_RULE).min(1, COUNT_RULE);
const MIB_RULE = "takes a number of MiB, 1 to 100";
const ACCOUNT_MB_RULE = "takes a number of MB, 1 to 10000";
const ROUTES_RULE = "takes up to 50 pairs of IATA codes, such as NYC-LON, comma-separated";
const wrappingKey = z
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
const configSchema = z
  .object({
    /** `keys` refuses a request without a key. `open` takes `accountId` from the request, for development only. */
    AUTH: z.enum(["keys", "open"], { error: 'takes "keys" or "open"' }).default("keys"),
    /** The models that answer, in order of preference. */
    MODEL: z
      .string()
      .default("local")
      .transform((list) => list.split(","))
      .pipe(z.array(modelName)),
    /** Names of models for `/v1`, comma-separated: `gpt-5=openai/gpt-5.2,*=default`. `*` is every other name. */
    MODEL_ALIASES: z
      .string()
      .default("")
      .transform((list) => list.split(",").filter((pair) => pair.trim() !== ""))
      .pipe(z.array(z.string().regex(/^[^=]+=[^=]+$/, ALIASES_RULE)))
      .transform(
        (pairs) =>
          new Map(
            pairs.map((pair) => pair.split("=").map((name) => name.trim()) as [string, string]),
          ),
      ),
    /** `off`: there is no `/console`. */
    CONSOLE: z.enum(["on", "off"], { error: 'takes "on" or "off"' }).default("on"),
    /** Whether `/v1` refuses fields that it does not know. By default it ignores them. */
    STRICT: z.enum(["on", "off"], { error: 'takes "on" or "off"' }).default("off"),
    /** Whether spans of model calls have the messages and the answer. */
    TRACE_CONTENT: z.enum(["on", "off"], { error: 'takes "on" or "off"' }).default("off"),
    /** The time-out of one try of one model, in milliseconds. */
    MODEL_TIMEOUT_MS: milliseconds.max(600_000).default(60_000),
    /** A secret of at least 32 characters. It signs the keys, and is itself the first admin's key. */
    ROOT_KEY: z
      .string()
      .min(32, "takes at least 32 characters; make one with: openssl rand -base64 32")
      .optional(),
    /** The issuer whose JWTs are accepted: their `iss`. Its keys are at `/.well-known/jwks.json`, unless `JWT_JWKS_URL` is set. */
    JWT_ISSUER: z.url().optional(),
    JWT_AUDIENCE: z.string().min(1).optional(),
    JWT_JWKS_URL: z.url().optional(),
    /** The claims of the account, the user, the role and the scopes (a list, or words in a string). */
    JWT_ACCOUNT_CLAIM: z.string().min(1).default("account_id"),
    JWT_USER_CLAIM: z.string().min(1).default("sub"),
    JWT_ROLE_CLAIM: z.string().min(1).default("role"),
    JWT_SCOPES_CLAIM: z.string().min(1).default("scope"),
    /** Origins that browsers may call from, comma-separated; none by default. */
    CORS_ORIGINS: z
      .string()
      .transform((list) => list.split(",").map((origin) => origin.trim()))
      .optional(),
    ...providerSettings,
    /** Days without a turn after which a session is archived and purged. An account may have its own number. */
    RETENTION_DAYS: days.default(30),
    /** The same in hours. It overrules `RETENTION_DAYS`. */
    SESSION_TTL_HOURS: hours.optional(),
    /** Days after which an archive is deleted. */
    ARCHIVE_RETENTION_DAYS: days.default(90),
    /** The size of an account's SQLite in MB at which it takes nothing more. Cloudflare ends it at 10 GB. */
    ACCOUNT_MAX_MB: z.coerce
      .number({ error: ACCOUNT_MB_RULE })
      .min(1, ACCOUNT_MB_RULE)
      .max(10_000, ACCOUNT_MB_RULE)
      .default(10_000),
    /** The largest archive segment in R2, in MiB. A larger session has a segment of its own. */
    MAX_ARCHIVE_SIZE_MB: z.coerce
      .number({ error: MIB_RULE })
      .min(1, MIB_RULE)
      .max(100, MIB_RULE)
      .default(50),
    /** A secret of 32 bytes in base64. It wraps the keys that encrypt archives and backups. */
    ARCHIVE_KEY: wrappingKey.optional(),
    /** The earlier `ARCHIVE_KEY`, until maintenance has wrapped all keys with the new one. */
    ARCHIVE_KEY_PREVIOUS: wrappingKey.optional(),
    /** Days between automatic backups of each account. Absent: there are none. */
    BACKUP_EVERY_DAYS: days.optional(),
    /** The number of automatic backups that are kept, and the days that any backup is kept. */
    BACKUPS_KEPT: count.default(7),
    BACKUP_RETENTION_DAYS: days.default(30),
    /** The journal's oldest calls are archived past this many events. A call has two, its request and its response. */
    CONVERSATION_EVENTS_MAX_ROWS: count.default(100_000),
    /** How calls are written: as rows of the old schema (`false`), as both (`dual`), or as calls (`true`). */
    USE_CONVERSATION_SCHEMA_V2: z
      .enum(["false", "dual", "true"], { error: 'takes "false", "dual" or "true"' })
      .default("true"),
    /** Hours that answers and embeddings stay in the cache. */
    CACHE_TTL_HOURS: hours.max(8_760).default(24),
    /** Hours between runs of the maintenance. The cron skips the others. */
    CLEANUP_INTERVAL_HOURS: hours.default(6),
    /** Makes the vectors of `POST /v1/embeddings`. */
    EMBEDDING_MODEL: embeddingModelName.default("local"),
    /** Seconds without a turn after which a user's next one opens a new session, for assistants with an idle time. */
    CONTEXT_TTL: seconds.default(1_800),
    /** The same for `customer` and `admin` alone. */
    CUSTOMER_CONTEXT_TTL: seconds.optional(),
    ADMIN_CONTEXT_TTL: seconds.optional(),
    /** Whether turns are stored. When off, `/query` answers and stores nothing. */
    ENABLE_CONVERSATION_STORAGE: flagVar,
    /** Whether turns with a `user_id` are stored. The flag above must be on, too. */
    UNIFIED_CONVERSATION_ENABLED: flagVar,
    /** Whether the travel assistant reads whole messages, and whether it announces a search. See docs/travel.md. */
    use_smart_handler: flagVar,
    use_async_search: flagVar,
    /** Seconds without a message after which a traveller's next one opens a new session. */
    SESSION_TTL_SECONDS: seconds.default(900),
    /** The source of flights: the embedded invented timetable, or a service. */
    FLIGHTS_PROVIDER: z
      .enum(["demo", "duffel", "amadeus"], { error: 'takes "demo", "duffel" or "amadeus"' })
      .default("demo"),
    /** The time-out of a search for flights, in milliseconds. */
    FLIGHTS_TIMEOUT_MS: milliseconds.max(60_000).default(20_000),
    /** How many searches the service of flights allows in a minute, of the whole deployment; absent: any number. */
    FLIGHTS_SEARCHES_A_MINUTE: z.coerce
      .number({ error: COUNT_RULE })
      .int(COUNT_RULE)
      .min(1, COUNT_RULE)
      .max(10_000, "takes 10000 at most")
      .optional(),
    /** Seconds that found flights stay in the cache. */
    CACHE_TTL_SECONDS: seconds.default(3_600),
    /** The currency of prices, unless a traveller's budget names one. */
    TRAVEL_CURRENCY: z
      .string()
      .regex(/^[A-Z]{3}$/, "takes a currency by its three letters, such as USD")
      .default("USD"),
    /** The routes that `POST /admin/cache/warm` searches for: pairs of IATA codes, comma-separated. */
    TRAVEL_ROUTES: z
      .string()
      .default("NYC-LON,NYC-LAX,LON-PAR,SFO-TYO")
      .transform((list) => list.split(",").map((route) => route.trim()))
      .pipe(
        z
          .array(z.string().regex(/^[A-Z]{3}-[A-Z]{3}$/, ROUTES_RULE))
          .min(1, ROUTES_RULE)
          .max(50, ROUTES_RULE),
      ),
    DUFFEL_API_KEY: z.string().min(1).optional(),
    DUFFEL_BASE_URL: z.url().default("https://api.duffel.com"),
    AMADEUS_CLIENT_ID: z.string().min(1).optional(),
    AMADEUS_CLIENT_SECRET: z.string().min(1).optional(),
    /** The office of an Enterprise customer, if Amadeus requires one. */
    AMADEUS_OFFICE_ID: z.string().min(1).optional(),
    AMADEUS_BASE_URL: z.url().default("https://travel.api.amadeus.com"),
    /** Twilio's account, its secret token, and the number that writes on WhatsApp: all three, or none. */
    TWILIO_ACCOUNT_SID: z.string().min(1).optional(),
    TWILIO_AUTH_TOKEN: z.string().min(1).optional(),
    TWILIO_WHATSAPP_NUMBER: z
      .string()
      .regex(/^(whatsapp:)?\+\d{6,15}$/, "takes a number such as +14155238886")
      .transform((number) => (number.startsWith("whatsapp:") ? number : `whatsapp:${number}`))
      .optional(),
    /** `off` takes webhooks without Twilio's signature. For development: refused unless `AUTH` is `open` and `DEV_CLOCK` is `on`. */
    TWILIO_SIGNATURE: z.enum(["on", "off"], { error: 'takes "on" or "off"' }).default("on"),
    TWILIO_BASE_URL: z.url().default("https://api.twilio.com"),
    /** The URL by which Twilio reaches this deployment. Its signatures cover this URL. */
    PUBLIC_URL: z
      .url()
      .transform((url) => url.replace(/\/+$/, ""))
      .optional(),
    /** The account that WhatsApp's conversations belong to. */
    WHATSAPP_ACCOUNT: z
      .string()
      .regex(ACCOUNT_ID_PATTERN, `takes an id: ${ACCOUNT_ID_RULE}`)
      .default("default"),
    /** The messages a minute after which a number is asked to slow down. */
    WHATSAPP_MESSAGES_A_MINUTE: count.default(20),
    /** The reply of `/query` when storage fails: refuse with 503, or answer with `"stored": false`. */
    ON_STORAGE_ERROR: z
      .enum(["fail", "answer"], { error: 'takes "fail" or "answer"' })
      .default("fail"),
    /** `on` lets a request set the time with `x-dev-now: <ms>`. Refused unless `AUTH` is `open`. */
    DEV_CLOCK: z.enum(["on", "off"], { error: 'takes "on" or "off"' }).default("off"),
  })
  .superRefine((config, context) => {
    const refuse = (setting: string, message: string) =>
      context.addIssue({ code: "custom", path: [setting], message });
    const need = (settings: readonly (keyof typeof config)[], why: (name: string) => string) => {
      for (const name of settings) if (config[name] === undefined) refuse(name, why(name));
    };
    for (const model of config.MODEL) {
      for (const [setting, holds] of missingSettings(config, model))
        refuse(setting, `is needed by MODEL=${model}: ${holds}`);
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
      need(
        TWILIO,
        (name) => `is needed beside ${TWILIO.filter((each) => each !== name).join(", ")}`,
      );
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
  });

export type Config = z.infer<typeof configSchema>;

/** @throws Error that names each wrong setting and what it takes */
export function parseConfig(vars: object): Config {
  const parsed = configSchema.safeParse(withPresentNames(vars));
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
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
