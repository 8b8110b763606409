import { Hono } from "hono";

import type { Assistant } from "../../../assistants/assistant.ts";
import { splitModel } from "../../../account/calls/call.ts";
import type { Config } from "../../../config.ts";
import { withAccount } from "../../auth/authorise.ts";
import { requestConfig } from "../../context.ts";
import type { AppContext, AppEnv } from "../../context.ts";
import { wholeListOf } from "../../list-response.ts";
import { readQuery, onlyAccount } from "../../read-request.ts";
import { ApiError } from "../../../shared/errors.ts";
import { ANY_MODEL, DEFAULT_MODEL, assistantModel } from "../../../models/model-name.ts";

/**
 * 2026-01-01, in seconds since the epoch. When its provider made a model is not known here, and clients that sort by it
 * are to find them all of one age.
 */
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

/** Whoever `model` may name in a request of `/v1`. */
export const models = new Hono<AppEnv>()
  .get("/", async (c) => c.json(wholeListOf(await modelsFor(c), ({ id }) => id)))
  // Names have slashes.
  .get("/:model{.+}", async (c) => {
    const id = c.req.param("model");
    const found = (await modelsFor(c)).find((each) => each.id === id);
    if (found) return c.json(found);
    throw new ApiError("model_not_found", "There is no such model; GET /v1/models lists them.", {
      param: "model",
    });
  });

async function modelsFor(c: AppContext): Promise<ModelResource[]> {
  readQuery(c, onlyAccount);
  const { assistants } = await withAccount(c, "read", {}, (account, caller) =>
    account.settings.assistants(caller),
  );
  const { scopes, role } = c.get("caller");
  const usable = assistants.filter(
    (each) =>
      scopes.includes(each.scope) &&
      (role === undefined || each.roles === null || each.roles.includes(role)),
  );
  return modelsIn(requestConfig(c), usable);
}

/** Each once. */
function modelsIn(
  { MODEL, MODEL_ALIASES, EMBEDDING_MODEL }: Config,
  assistants: readonly Assistant[],
): ModelResource[] {
  const real = [...MODEL, ...assistants.flatMap((each) => each.models ?? []), EMBEDDING_MODEL];
  const aliases = [...MODEL_ALIASES].filter(([name]) => name !== ANY_MODEL);
  const owners = new Map([
    [DEFAULT_MODEL, OWN],
    ...real.map((name) => [name, splitModel(name).provider] as const),
    ...aliases.map(([name, target]) => [name, ownerOf(target)] as const),
    ...assistants.map(({ name }) => [assistantModel(name), OWN] as const),
  ]);
  return [...owners].map(([id, owned_by]) => ({ id, object: "model", created: CREATED, owned_by }));
}

const ownerOf = (target: string): string =>
  target === DEFAULT_MODEL || target.startsWith(assistantModel(""))
    ? OWN
    : splitModel(target).provider;
