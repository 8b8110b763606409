import { z } from "zod";

import { omitEmpty } from "../../shared/omit.ts";

/**
 * Fields of OpenAI's requests that change no answer here. They are taken, since clients send them. Each is checked by
 * nothing but the bounds of the body.
 */
const inert = z.unknown().optional();

/** Schemas of fields that are taken and told nowhere. */
export const ignored = <Name extends string>(...names: Name[]) =>
  Object.fromEntries(names.map((name) => [name, inert])) as Record<Name, typeof inert>;

/** Fields that a response tells back as they were sent. Source: the OpenAI API, `Response`. */
export const TOLD = [
  "access_programs",
  "image",
  "prompt_cache_options",
  "prompt_cache_retention",
] as const;

/** Fields of a response's request that no response tells. */
const UNTOLD = [
  "background_options",
  "client_metadata",
  "context_management",
  "moderation",
  "personality",
] as const;

/** The schemas of all of these, for a response's request. */
export const inertFields = () => ignored(...TOLD, ...UNTOLD);

/** The values that are told back. */
export const toldIn = (body: object): Partial<Record<(typeof TOLD)[number], unknown>> =>
  omitEmpty(Object.fromEntries(TOLD.map((name) => [name, Reflect.get(body, name) as unknown])));

/** A request's {@link toldIn}, with two fields of `reasoning`, as a response has them. */
export function toldFields(told: Record<string, unknown> = {}): {
  fields: Record<string, unknown>;
  reasoning: Record<string, unknown>;
} {
  const { reasoning_context: context, reasoning_mode: mode, ...fields } = told;
  return { fields, reasoning: omitEmpty({ context, mode }) };
}
