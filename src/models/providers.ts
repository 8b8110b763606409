import type { ProviderConfig, ProviderName, ProvidersThat } from "../shared/model-providers.ts";
import { loadOnce } from "../shared/load-once.ts";
import { providerOf } from "../shared/model-providers.ts";
import type { Model } from "./model.ts";
import { ModelError } from "./model-error.ts";
import type { Embeddable, Embedded, Embedder } from "./embedder.ts";

/** The configuration and bindings that providers are made from. */
interface Deployment {
  config: ProviderConfig;
  env: { AI?: Ai };
  /** The `fetch` of tests. */
  send: typeof fetch | undefined;
}

type MakeModel = (name: string, deployment: Deployment) => Model;

type Embed = (
  name: string,
  deployment: Deployment,
  texts: Embeddable[],
  dimensions: number | null,
) => Promise<Embedded>;

/**
 * Providers are loaded when the first of their models is asked: start-up pays for none, and a deployment for its own.
 *
 * esbuild wraps what is loaded this way, and zod with it, as both sides use it. Hence `import { z } from "zod"`
 * everywhere: with `import * as z` esbuild 0.28 omits the initialisation, and the Worker fails at start-up.
 */
const openai = loadOnce(() => import("./ai-sdk/openai.ts"));
const workersAi = loadOnce(() => import("./ai-sdk/workers-ai.ts"));
const upstream = loadOnce(() => import("./upstream.ts"));
const local = loadOnce(() => import("./local/local.ts"));
const localEmbedder = loadOnce(() => import("./local/local-embedder.ts"));

const openaiSettings = ({ OPENAI_BASE_URL, OPENAI_API_KEY }: ProviderConfig) => ({
  baseURL: OPENAI_BASE_URL,
  apiKey: OPENAI_API_KEY,
});

const MODELS: Record<ProviderName, MakeModel> = {
  "workers-ai": (name, { env: { AI } }) =>
    AI
      ? loadedLater(name, async () => (await workersAi()).workersAiModel(name, AI))
      : unableModel(name, "needs the AI binding"),
  openai: (name, { config, send }) =>
    loadedLater(name, async () => (await openai()).openaiModel(name, openaiSettings(config), send)),
  upstream: (name, { config: { UPSTREAM_URL, UPSTREAM_HISTORY }, send }) =>
    UPSTREAM_URL
      ? loadedLater(name, async () =>
          (await upstream()).upstreamModel(UPSTREAM_URL, send, UPSTREAM_HISTORY),
        )
      : unableModel(name, "needs UPSTREAM_URL"),
  local: (name) => loadedLater(name, async () => (await local()).localModel),
};

const EMBEDDERS: Record<ProvidersThat<"embeds">, Embed> = {
  "workers-ai": async (name, { env: { AI } }, ...asked) => {
    if (!AI) throw unable(name, "needs the AI binding");
    return (await workersAi()).workersAiEmbed(name, AI, ...asked);
  },
  openai: async (name, { config, send }, ...asked) =>
    (await openai()).openaiEmbed(name, openaiSettings(config), ...asked, send),
  local: async (_name, _deployment, ...asked) => (await localEmbedder()).localEmbed(...asked),
};

/** Models by name, in the same order. A model that cannot work in this deployment says so when it is asked. */
export function modelsOf(
  names: readonly string[],
  config: ProviderConfig,
  env: { AI?: Ai },
  send?: typeof fetch,
): Model[] {
  return names.map((name) => {
    const provider = providerOf(name);
    return provider === null
      ? unableModel(name, "is no model of this deployment")
      : MODELS[provider](name, { config, env, send });
  });
}

/** Makes the vectors of `POST /v1/embeddings`, by `EMBEDDING_MODEL`. */
export function embedderOf(
  config: ProviderConfig & { EMBEDDING_MODEL: string },
  env: { AI?: Ai },
  send?: typeof fetch,
): Embedder {
  const name = config.EMBEDDING_MODEL;
  // The setting's schema takes the names of these providers only.
  const provider = providerOf(name) as ProvidersThat<"embeds">;
  const deployment = { config, env, send };
  return { name, embed: (...asked) => EMBEDDERS[provider](name, deployment, ...asked) };
}

const loadedLater = (name: string, load: () => Promise<Model>): Model => ({
  name,
  respond: async (request) => (await load()).respond(request),
});

const unableModel = (name: string, why: string): Model => ({
  name,
  respond: () => Promise.reject(unable(name, why)),
});

const unable = (name: string, why: string): ModelError =>
  new ModelError("model_failed", `${name} ${why}`, { retryable: false });
