import { isObject } from "./json-merge-patch.ts";
import { parseJson } from "./json.ts";

/** Marks a text that this deployment made. Texts of other providers in its place are kept, and sent to no model. */
const MARK = "clq1.";

/** Data that a provider added to an assistant's message and wants back with it: signed or encrypted reasoning. */
export interface ProviderReplay {
  /** The model that made it, as `provider/model`; null when a client sent it. Another model refuses it. */
  model: string | null;
  /** Fields of the message, as they came. */
  fields: Record<string, unknown>;
}

/** The fields that providers use. OpenRouter has the first, LiteLLM the second. */
export const REPLAY_FIELDS = ["reasoning_details", "thinking_blocks"] as const;

/**
 * The form of a reasoning item's `encrypted_content`. It is not encrypted here: the provider signed or encrypted its
 * parts.
 */
export const sealReplay = (replay: ProviderReplay): string =>
  MARK + Buffer.from(JSON.stringify(replay)).toString("base64url");

/** @returns null for a text that {@link sealReplay} did not make */
export function openReplay(sealed: string): ProviderReplay | null {
  if (!sealed.startsWith(MARK)) return null;
  try {
    const opened = parseJson(Buffer.from(sealed.slice(MARK.length), "base64url").toString());
    if (!isObject(opened) || !isObject(opened["fields"])) return null;
    const { model, fields } = opened;
    const known = REPLAY_FIELDS.flatMap((name) =>
      Array.isArray(fields[name]) ? [[name, fields[name]] as const] : [],
    );
    return {
      model: typeof model === "string" ? model : null,
      fields: Object.fromEntries(known),
    };
  } catch {
    return null;
  }
}

/** Values that are no text: names, data that is encrypted, and what signs the texts. */
const NO_TEXT = new Set(["type", "id", "format", "data", "signature"]);

/** The texts in what a provider wants back, at any depth: they are those of the reasoning itself. */
export function textsOfReplay({ fields }: ProviderReplay): string[] {
  const texts: string[] = [];
  const values: unknown[] = [fields];
  // It grows on the way: a client may have nested them too deep for recursion.
  for (const value of values) {
    if (typeof value === "string") texts.push(value);
    if (typeof value !== "object" || value === null) continue;
    for (const [name, each] of Object.entries(value)) if (!NO_TEXT.has(name)) values.push(each);
  }
  return texts;
}

/** The fields of a message that the provider wants back; null when there are none. */
export function replayFieldsIn(message: object): Record<string, unknown> | null {
  const found = REPLAY_FIELDS.flatMap((name) => {
    const value: unknown = Reflect.get(message, name);
    return Array.isArray(value) && value.length > 0 ? [[name, value] as const] : [];
  });
  return found.length === 0 ? null : Object.fromEntries(found);
}
