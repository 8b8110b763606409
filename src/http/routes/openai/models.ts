import type { Assistant } from "../../../assistants/assistant.ts";
import { splitModel } from "../../../account/calls/call.ts";
import type { Config } from "../../../config.ts";
import { wholeListOf } from "../../list-response.ts";
import * as s from "../../openapi/schema.ts";
import { route } from "../../route.ts";
import type { RouteRequest } from "../../route.ts";
import { embeddingAliases } from "../../../models/embedder.ts";
import { ApiError } from "../../../shared/errors.ts";
import { ANY_MODEL, DEFAULT_MODEL, assistantModel, bareName } from "../../../models/model-name.ts";

/** 2026-01-01, in seconds since the epoch. The age of a model is not known here: clients that sort by it find one age. */
const CREATED = 1_767_225_600;
const OWN = "colloquy";

/** Source: the OpenAI API, `Model`. */
interface ModelResource {
  id: string;
  object: "model";
  created: number;
  /** Its provider. */
  owned_by: string;
}

const model = s.named("Model", () =>
  s.object({ id: s.text, object: s.only("model"), created: s.whole, owned_by: s.text }),
);

/** The names that `model` takes in a request of `/v1`. */
export const models = [
  route("GET /v1/models", {
    id: "listModels",
    summary: "Lists the names that `model` takes",
    scope: "read",
    reply: () => s.listOf(model),
    handle: async (request) => wholeListOf(await modelsFor(request), ({ id }) => id),
  }),
  // Names have slashes.
  route("GET /v1/models/:model{.+}", {
    id: "getModel",
    summary: "Reads a model",
    scope: "read",
    reply: () => model,
    errors: ["model_not_found"],
    handle: async (request) => {
      const { model: name } = request.path;
      const all = await modelsFor(request);
      const found =
        all.find(({ id }) => id === name) ?? all.find(({ id }) => bareName(id) === name);
      if (found) return { ...found, id: name };
      throw new ApiError("model_not_found", "There is no such model. GET /v1/models lists them.", {
        param: "model",
      });
    },
  }),
];

async function modelsFor({
  c,
  call,
  config,
}: Pick<RouteRequest<never, unknown, unknown>, "c" | "call" | "config">): Promise<ModelResource[]> {
  const { assistants } = await call((account, caller) => account.settings.assistants(caller));
  const { scopes, role } = c.get("caller");
  const usable = assistants.filter(
    (each) =>
      scopes.includes(each.scope) &&
      (role === undefined || each.roles === null || each.roles.includes(role)),
  );
  return modelsIn(config, usable);
}

/** Each model once. */
function modelsIn(
  { MODEL, MODEL_ALIASES, EMBEDDING_MODEL }: Config,
  assistants: readonly Assistant[],
): ModelResource[] {
  const real = [...MODEL, ...assistants.flatMap((each) => each.models ?? []), EMBEDDING_MODEL];
  const aliases = [...MODEL_ALIASES].filter(([name]) => name !== ANY_MODEL);
  const owners = new Map([
    [DEFAULT_MODEL, OWN],
    ...real.map((name) => [name, splitModel(name).provider ?? OWN] as const),
    ...embeddingAliases(EMBEDDING_MODEL).map((name) => [name, EMBEDDING_MODEL] as const),
    ...aliases.map(([name, target]) => [name, ownerOf(target)] as const),
    ...assistants.map(({ name }) => [assistantModel(name), OWN] as const),
  ]);
  return [...owners].map(([id, owned_by]) => resourceOf(id, owned_by));
}

const resourceOf = (id: string, owned_by: string): ModelResource => ({
  id,
  object: "model",
  created: CREATED,
  owned_by,
});

const ownerOf = (target: string): string =>
  target === DEFAULT_MODEL || target.startsWith(assistantModel(""))
    ? OWN
    : (splitModel(target).provider ?? OWN);
