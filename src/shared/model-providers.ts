import { z } from "zod";

import { optional, setting } from "./setting.ts";
import type { Settings, ValuesOf } from "./setting.ts";

/** A provider's settings and abilities. `models/providers.ts` says how to call it. */
interface Provider {
  /** Whether a name goes on with the model (`openai/<model>`); else the provider's name is the whole of it (`local`). */
  hasModels: boolean;
  /** For docs/quick-reference.md; a test compares them. */
  summary: string;
  /** The vars and secrets that only this provider reads. */
  settings: Settings;
  /** Settings that it cannot work without, each with what it holds. */
  needs: Record<string, string>;
  /** Whether its models run outside the Worker: each has a timer and a circuit then. */
  isOutside: boolean;
  /** Whether its models follow instructions. Only such models write summaries and judge texts. */
  followsInstructions: boolean;
  /** Whether `EMBEDDING_MODEL` may name it. */
  embeds: boolean;
}

/**
 * Every provider of models. To add one, add it here, then implement it in `models/providers.ts`: the compiler asks for
 * it. The order is the order in error messages.
 */
export const PROVIDERS = {
  "workers-ai": {
    hasModels: true,
    summary: "Cloudflare's models, by the `AI` binding",
    settings: {},
    needs: {},
    isOutside: true,
    followsInstructions: true,
    embeds: true,
  },
  openai: {
    hasModels: true,
    summary: "any OpenAI-compatible server, at `OPENAI_BASE_URL`",
    settings: {
      OPENAI_BASE_URL: setting(() => z.url(), "https://api.openai.com/v1"),
      /** Absent for servers that take no key. */
      OPENAI_API_KEY: optional(() => z.string().min(1)),
    },
    needs: {},
    isOutside: true,
    followsInstructions: true,
    embeds: true,
  },
  upstream: {
    hasModels: false,
    summary: "an existing stateless `/query` service, at `UPSTREAM_URL`",
    settings: {
      UPSTREAM_URL: optional(() => z.url()),
      /** `messages`: in a field of the body. `transcript`: as text before the query, for services that read nothing else. */
      UPSTREAM_HISTORY: setting(
        () => z.enum(["messages", "transcript"], { error: 'takes "messages" or "transcript"' }),
        "messages",
      ),
    },
    needs: { UPSTREAM_URL: "the URL of a POST /query service" },
    isOutside: true,
    followsInstructions: false,
    embeds: false,
  },
  local: {
    hasModels: false,
    summary: "the offline model, which answers by rules",
    settings: {},
    needs: {},
    isOutside: false,
    followsInstructions: false,
    embeds: true,
  },
} as const satisfies Record<string, Provider>;

export type ProviderName = keyof typeof PROVIDERS;

/** The providers whose flag is set, as a type: an implementation of each is asked for by the compiler. */
export type ProvidersThat<Flag extends "embeds" | "followsInstructions"> = {
  [P in ProviderName]: (typeof PROVIDERS)[P][Flag] extends true ? P : never;
}[ProviderName];

const names = Object.keys(PROVIDERS) as ProviderName[];

const patternOf = (providers: readonly ProviderName[]): RegExp =>
  new RegExp(
    `^(${providers.map((each) => (PROVIDERS[each].hasModels ? `${each}\\/\\S+` : each)).join("|")})$`,
  );

/** "workers-ai/<model>, openai/<model> or local". */
function formsOf(providers: readonly ProviderName[]): string {
  const forms = providers.map((each) => (PROVIDERS[each].hasModels ? `${each}/<model>` : each));
  return [forms.slice(0, -1).join(", "), forms.at(-1)].filter(Boolean).join(" or ");
}

const embedding = names.filter((each) => PROVIDERS[each].embeds);
const instructable = names.filter((each) => PROVIDERS[each].followsInstructions);

const MODEL_RULE = `takes ${formsOf(names)}`;
/** A model's name, as `MODEL` lists it. */
export const modelName = () => z.string().trim().regex(patternOf(names), MODEL_RULE);

/** A model that follows instructions. */
export const instructableModelName = () =>
  modelName().refine(
    followsInstructions,
    `takes a model that follows instructions: ${formsOf(instructable)}`,
  );

/** A model that makes vectors, as `EMBEDDING_MODEL` names it. */
export const embeddingModelName = () =>
  z.string().regex(patternOf(embedding), `takes ${formsOf(embedding)}`);

type UnionToIntersection<U> = (U extends unknown ? (each: U) => void : never) extends (
  all: infer I,
) => void
  ? I
  : never;
type ProviderSettings = UnionToIntersection<(typeof PROVIDERS)[ProviderName]["settings"]>;

/** The settings of all providers, for the configuration. */
export const providerSettings: ProviderSettings = Object.assign(
  {},
  ...names.map((each) => PROVIDERS[each].settings),
);

/** The values of {@link providerSettings}. */
export type ProviderConfig = ValuesOf<ProviderSettings>;

/** The provider of a model; null where a name is no model's. */
export function providerOf(model: string): ProviderName | null {
  const [provider = ""] = model.split("/");
  return names.find((each) => each === provider) ?? null;
}

/** Whether a model runs outside the Worker. One of an unknown provider counts as outside. */
export function isOutside(model: string): boolean {
  const provider = providerOf(model);
  return provider === null || PROVIDERS[provider].isOutside;
}

export function followsInstructions(model: string): boolean {
  const provider = providerOf(model);
  return provider !== null && PROVIDERS[provider].followsInstructions;
}

/** The settings that a model cannot work without and this deployment does not have, each with what it holds. */
export function missingSettings(config: object, model: string): [setting: string, holds: string][] {
  const provider = providerOf(model);
  const needs: Provider["needs"] = provider ? PROVIDERS[provider].needs : {};
  const values = new Map<string, unknown>(Object.entries(config));
  return Object.entries(needs).filter(([name]) => values.get(name) === undefined);
}
