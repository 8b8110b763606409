import { ApiError } from "../shared/errors.ts";
import type { Scope } from "../shared/scopes.ts";
import type { Assistant } from "./assistant.ts";
import { DEFAULT_ASSISTANT } from "./assistant.ts";

/** The request of a turn, with what its session has set. */
export interface AssistantRequest {
  assistant?: string | undefined;
  role?: string | undefined;
  model?: string | undefined;
  /** The deployment's `MODEL`, for an assistant without models of its own. */
  models: string[];
  /** The caller's; absent when the deployment itself asks. */
  scopes?: readonly Scope[] | undefined;
}

/** The assistant of a turn, with its role and models. */
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
    throw new ApiError(
      "forbidden",
      `The assistant ${name} needs the scope ${scope}. Use a key that has it.`,
      {
        param: "assistant",
      },
    );
  }
  if (role !== undefined && roles && !roles.includes(role)) {
    throw new ApiError(
      "role_not_allowed",
      `The assistant ${name} takes only the role ${roles.join(" or ")}.`,
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

/** @throws ApiError `assistant_not_found`, with the names of all assistants */
export function findAssistant(assistants: readonly Assistant[], name: string): Assistant {
  const found = assistants.find((each) => each.name === name);
  if (found) return found;
  throw new ApiError(
    "assistant_not_found",
    `There is no assistant ${JSON.stringify(name)}. There are: ${assistants.map((each) => each.name).join(", ")}.`,
    { param: "assistant" },
  );
}
