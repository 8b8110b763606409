import type { Config } from "../config.ts";

/** Who is asked for by the name of a model: a model, or an account's assistant; nobody in particular where neither is set. */
export interface NamedModel {
  model?: string;
  assistant?: string;
}

/** Whoever `MODEL` names, in its order. */
export const DEFAULT_MODEL = "default";
const ASSISTANT = "assistant/";
/** The alias of every name that is none. */
export const ANY_MODEL = "*";

export const assistantModel = (assistant: string): string => `${ASSISTANT}${assistant}`;

/** A model's name without its provider: what clients of that provider know it by. */
export const bareName = (name: string): string => name.slice(name.indexOf("/") + 1);

/**
 * What a client's name of a model stands for: `default`, an alias of `MODEL_ALIASES`, a model with its provider or
 * without, or `assistant/<name>`. A name that says nothing here is left for the account to refuse, which may have models
 * of its own.
 */
export function namedModel(
  { MODEL, MODEL_ALIASES }: Pick<Config, "MODEL" | "MODEL_ALIASES">,
  name: string | null | undefined,
): NamedModel {
  if (name === null || name === undefined || name === DEFAULT_MODEL) return {};
  const alias = MODEL_ALIASES.get(name);
  if (alias !== undefined) return target(alias);
  const configured = MODEL.find((each) => each === name || bareName(each) === name);
  if (configured !== undefined) return { model: configured };
  if (name.startsWith(ASSISTANT)) return { assistant: name.slice(ASSISTANT.length) };
  const any = MODEL_ALIASES.get(ANY_MODEL);
  return any === undefined ? { model: name } : target(any);
}

function target(name: string): NamedModel {
  if (name === DEFAULT_MODEL) return {};
  return name.startsWith(ASSISTANT) ? { assistant: name.slice(ASSISTANT.length) } : { model: name };
}
