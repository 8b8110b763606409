import { z } from "zod";

import { withPresentNames } from "./renamed-settings.ts";
import { flagVar } from "./shared/flags.ts";
import { ID_PATTERN, ID_RULE } from "./shared/ids.ts";
import {
  embeddingModelName,
  missingSettings,
  modelName,
  providerSettings,
} from "./shared/model-providers.ts";

const milliseconds = z.coerce.number().int().positive();
const seconds = z.coerce
  .number({ error: "takes whole seconds above zero" })
  .int("takes whole seconds above zero")
  .positive("takes whole seconds above zero");

const DAYS_RULE = "takes a number of days above zero";
const days = z.coerce.number({ error: DAYS_RULE }).positive(DAYS_RULE).max(36_500, DAYS_RULE);
const HOURS_RULE = "takes a number of hours above zero";
const hours = z.coerce.number({ error: HOURS_RULE }).positive(HOURS_RULE);
const COUNT_RULE = "takes a whole number above zero";
const ROUTES_RULE = "takes up to 50 pairs of IATA codes, such as NYC-LON, comma-separated";
const wrappingKey = z
  .string()
  .regex(
    /^[A-Za-z0-9+/]{43}=$/,
    "takes 32 bytes in base64; make them with: openssl rand -base64 32",
  );

const ALIASES_RULE =
  "takes pairs such as gpt-5=openai/gpt-5.2, comma-separated: a name, and one of MODEL, default or assistant/<name>";
/**
 * Every var and secret that Colloquy reads, parsed once. A wrong one stops start-up, naming itself and what it takes.
 * Bindings are not here: they come typed from `wrangler types`.
 */
const configSchema = z
  .object({
    /** `keys` refuses whoever has none; `open` takes `accountId` from the request, for development only. */
    AUTH: z.enum(["keys", "open"], { error: 'takes "keys" or "open"' }).default("keys"),
    /** The models that answer, in order of preference. */
    MODEL: z
      .string()
      .default("local")
      .transform((list) => list.split(","))
      .pipe(z.array(modelName)),
    /** Other names of models for `/v1`, comma-separated: `gpt-5=openai/gpt-5.2,*=default`. `*` is every name that is none. */
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
    /** How long one model may take for one answer, in milliseconds. */
    MODEL_TIMEOUT_MS: milliseconds.max(600_000).default(60_000),
    /** Signs the keys, and is itself the first admin's: at least 32 characters, kept as a secret. */
    ROOT_KEY: z
      .string()
      .min(32, "takes at least 32 characters; make one with: openssl rand -base64 32")
      .optional(),
    /** The issuer whose JWTs are taken beside keys: the `iss` claim, and where `/.well-known/jwks.json` lies unless `JWT_JWKS_URL` says. */
    JWT_ISSUER: z.url().optional(),
    JWT_AUDIENCE: z.string().min(1).optional(),
    JWT_JWKS_URL: z.url().optional(),
    /** Which claims name the account, the user, the user's role, and the scopes (a list, or words in a string). */
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
    /** Days without a turn after which a session is archived and purged; an account may have its own. */
    RETENTION_DAYS: days.default(30),
    /** Likewise in hours; where it is set, it counts. */
    SESSION_TTL_HOURS: hours.optional(),
    /** Days after which an archive is deleted. */
    ARCHIVE_RETENTION_DAYS: days.default(90),
    /** No archive segment in R2 has more than so many MiB, unless a single session does. */
    MAX_ARCHIVE_SIZE_MB: z.coerce
      .number({ error: "takes a number of MiB, 1 to 100" })
      .min(1, "takes a number of MiB, 1 to 100")
      .max(100, "takes a number of MiB, 1 to 100")
      .default(50),
    /** 32 bytes in base64: archives and backups are encrypted with keys that are wrapped by it. Kept as a secret. */
    ARCHIVE_KEY: wrappingKey.optional(),
    /** What `ARCHIVE_KEY` was before, until the next maintenance has wrapped everything anew. */
    ARCHIVE_KEY_PREVIOUS: wrappingKey.optional(),
    /** Days between the backups that are made of each account without being asked for; none by default. */
    BACKUP_EVERY_DAYS: days.optional(),
    /** How many of those are kept, and for how many days any backup is. */
    BACKUPS_KEPT: z.coerce
      .number({ error: COUNT_RULE })
      .int(COUNT_RULE)
      .min(1, COUNT_RULE)
      .default(7),
    BACKUP_RETENTION_DAYS: days.default(30),
    /** The journal's oldest calls are archived past so many events; a call has two, its request and its response. */
    CONVERSATION_EVENTS_MAX_ROWS: z.coerce
      .number({ error: COUNT_RULE })
      .int(COUNT_RULE)
      .min(1, COUNT_RULE)
      .default(100_000),
    /** What is written of calls: rows of the old schema (`false`), both (`dual`), or the call alone (`true`). */
    USE_CONVERSATION_SCHEMA_V2: z
      .enum(["false", "dual", "true"], { error: 'takes "false", "dual" or "true"' })
      .default("true"),
    /** How long an answer, or an embedding, stays in the cache. */
    CACHE_TTL_HOURS: hours.max(8_760).default(24),
    /** The maintenance cron does nothing before so many hours have passed. */
    CLEANUP_INTERVAL_HOURS: hours.default(6),
    /** Makes the vectors of `POST /v1/embeddings`. */
    EMBEDDING_MODEL: embeddingModelName.default("local"),
    /** Seconds without a turn after which a user's next one opens a new session, for the assistants that idle out. */
    CONTEXT_TTL: seconds.default(1_800),
    /** Likewise, for `customer` and for `admin`. */
    CUSTOMER_CONTEXT_TTL: seconds.optional(),
    ADMIN_CONTEXT_TTL: seconds.optional(),
    /** Whose turns are stored; off, `/query` answers without storing anything. */
    ENABLE_CONVERSATION_STORAGE: flagVar,
    /** Whose turns are stored where they have a `user_id`; the flag above must be on for them as well. */
    UNIFIED_CONVERSATION_ENABLED: flagVar,
    /** How the travel assistant talks, and whether it says that it is searching. See docs/travel.md. */
    use_smart_handler: flagVar,
    use_async_search: flagVar,
    /** Seconds without a message after which a traveller's next one opens a new session. */
    SESSION_TTL_SECONDS: seconds.default(900),
    /** Who knows flights: the embedded made-up timetable, or a service. */
    FLIGHTS_PROVIDER: z
      .enum(["demo", "duffel", "amadeus"], { error: 'takes "demo", "duffel" or "amadeus"' })
      .default("demo"),
    /** How long a search for flights may take, in milliseconds. */
    FLIGHTS_TIMEOUT_MS: milliseconds.max(60_000).default(20_000),
    /** How long what was found stays in the cache. */
    CACHE_TTL_SECONDS: seconds.default(3_600),
    /** In which prices are asked for, where nobody names a budget. */
    TRAVEL_CURRENCY: z
      .string()
      .regex(/^[A-Z]{3}$/, "takes a currency by its three letters, such as USD")
      .default("USD"),
    /** What `POST /admin/cache/warm` searches for: pairs of IATA codes, comma-separated. */
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
    /** The office in whose name an Enterprise customer asks, where Amadeus wants one. */
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
    /** Where Twilio reaches this deployment: its signatures are over that address. */
    PUBLIC_URL: z
      .url()
      .transform((url) => url.replace(/\/+$/, ""))
      .optional(),
    /** The account that WhatsApp's conversations belong to. */
    WHATSAPP_ACCOUNT: z.string().regex(ID_PATTERN, `takes an id: ${ID_RULE}`).default("default"),
    /** Past so many messages a minute, a number is asked to slow down. */
    WHATSAPP_MESSAGES_A_MINUTE: z.coerce
      .number({ error: COUNT_RULE })
      .int(COUNT_RULE)
      .min(1, COUNT_RULE)
      .default(20),
    /** What `/query` does when storage fails: refuse with 503, or answer and say `"stored": false`. */
    ON_STORAGE_ERROR: z
      .enum(["fail", "answer"], { error: 'takes "fail" or "answer"' })
      .default("fail"),
    /** `on` lets a request set the time with `x-dev-now: <ms>`. Refused unless `AUTH` is `open`. */
    DEV_CLOCK: z.enum(["on", "off"], { error: 'takes "on" or "off"' }).default("off"),
  })
  .superRefine((config, context) => {
    for (const model of config.MODEL) {
      for (const [setting, holds] of missingSettings(config, model)) {
        const message = `is needed by MODEL=${model}: ${holds}`;
        context.addIssue({ code: "custom", path: [setting], message });
      }
    }
    for (const [, name] of config.MODEL_ALIASES) {
      if (name === "default" || name.startsWith("assistant/") || config.MODEL.includes(name))
        continue;
      context.addIssue({
        code: "custom",
        path: ["MODEL_ALIASES"],
        message: `${ALIASES_RULE}; ${name} is none`,
      });
    }
    const needed = {
      demo: [],
      duffel: ["DUFFEL_API_KEY"],
      amadeus: ["AMADEUS_CLIENT_ID", "AMADEUS_CLIENT_SECRET"],
    } as const;
    for (const name of needed[config.FLIGHTS_PROVIDER]) {
      if (config[name] !== undefined) continue;
      const message = `is needed by FLIGHTS_PROVIDER=${config.FLIGHTS_PROVIDER}`;
      context.addIssue({ code: "custom", path: [name], message });
    }
    const twilio = [
      "TWILIO_ACCOUNT_SID",
      "TWILIO_AUTH_TOKEN",
      "TWILIO_WHATSAPP_NUMBER",
      "PUBLIC_URL",
    ] as const;
    const isTwilio = twilio.slice(0, 3).some((name) => config[name] !== undefined);
    for (const name of isTwilio ? twilio : []) {
      if (config[name] !== undefined) continue;
      const message = `is needed beside ${twilio.filter((each) => each !== name).join(", ")}`;
      context.addIssue({ code: "custom", path: [name], message });
    }
    if (config.ARCHIVE_KEY_PREVIOUS && !config.ARCHIVE_KEY) {
      context.addIssue({
        code: "custom",
        path: ["ARCHIVE_KEY"],
        message: "is needed by ARCHIVE_KEY_PREVIOUS: the key that follows it",
      });
    }
    if (config.JWT_ISSUER && !config.JWT_AUDIENCE) {
      context.addIssue({
        code: "custom",
        path: ["JWT_AUDIENCE"],
        message:
          "is needed by JWT_ISSUER: whom its tokens are for, or any of its tokens would open this deployment",
      });
    }
    if (config.DEV_CLOCK === "on" && config.AUTH !== "open") {
      const message = "is for development: it takes AUTH=open";
      context.addIssue({ code: "custom", path: ["DEV_CLOCK"], message });
    }
    if (
      config.TWILIO_SIGNATURE === "off" &&
      (config.AUTH !== "open" || config.DEV_CLOCK !== "on")
    ) {
      context.addIssue({
        code: "custom",
        path: ["TWILIO_SIGNATURE"],
        message: "is for development: off takes AUTH=open and DEV_CLOCK=on",
      });
    }
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
