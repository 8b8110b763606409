import type { Config } from "../config.ts";

/** A model or an assistant. With neither, the deployment's `MODEL` answers. */
interface NamedModel {
  model?: string;
  assistant?: string;
}

/** The models of `MODEL`, in order. */
export const DEFAULT_MODEL = "default";
const ASSISTANT = "assistant/";
/** The alias of every name without an alias of its own. */
export const ANY_MODEL = "*";

export const assistantModel = (assistant: string): string => `${ASSISTANT}${assistant}`;

/** A model's name without its provider, as clients of the provider know it. */
export const bareName = (name: string): string => name.slice(name.indexOf("/") + 1);

/**
 * Resolves a client's name for a model: `default`, an alias of `MODEL_ALIASES`, a model with or without its provider, or
 * `assistant/<name>`. An unknown name stays as it is: the account may have models of its own, and refuses it otherwise.
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
