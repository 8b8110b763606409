import { ApiError } from "../shared/errors.ts";
import type { Scope } from "../shared/scopes.ts";
import type { Assistant } from "./assistant.ts";
import { DEFAULT_ASSISTANT } from "./assistant.ts";

/** What a turn asks for, and what its session says already. */
export interface AssistantRequest {
  assistant?: string | undefined;
  role?: string | undefined;
  model?: string | undefined;
  /** The deployment's `MODEL`: who answers where the assistant names nobody. */
  models: string[];
  /** What the caller may do; absent for the deployment itself. */
  scopes?: readonly Scope[] | undefined;
}

/** Who answers a turn, for whom. */
export interface Resolved {
  assistant: Assistant;
  role: string | null;
  /** In order of preference. */
  models: string[];
}

/** @throws ApiError `assistant_not_found`, `role_not_allowed`, `forbidden` or `invalid_request` */
export function resolveAssistant(
  assistants: readonly Assistant[],
  {
    assistant: name = DEFAULT_ASSISTANT,
    role,
    model,
    models: deploymentModels,
    scopes,
  }: AssistantRequest,
): Resolved {
  const assistant = findAssistant(assistants, name);
  const { roles, scope } = assistant;
  if (scopes && !scopes.includes(scope)) {
    throw new ApiError("forbidden", `The assistant ${name} takes the scope ${scope}.`, {
      param: "assistant",
    });
  }
  if (role !== undefined && roles && !roles.includes(role)) {
    throw new ApiError(
      "role_not_allowed",
      `The assistant ${name} is for the role ${roles.join(" or ")}.`,
      { param: "role" },
    );
  }
  const models = assistant.models ?? deploymentModels;
  const asked = models.find((each) => each === model || (model && each.endsWith(`/${model}`)));
  if (model !== undefined && asked === undefined) {
    throw new ApiError("model_not_found", `model takes one of: ${models.join(", ")}.`, {
      param: "model",
    });
  }
  return {
    assistant,
    role: role ?? roles?.[0] ?? null,
    models: asked === undefined ? models : [asked],
  };
}

/** @throws ApiError `assistant_not_found`, naming those that exist */
export function findAssistant(assistants: readonly Assistant[], name: string): Assistant {
  const found = assistants.find((each) => each.name === name);
  if (found) return found;
  throw new ApiError(
    "assistant_not_found",
    `There is no assistant ${JSON.stringify(name)}. There are: ${assistants.map((each) => each.name).join(", ")}.`,
    { param: "assistant" },
  );
}
