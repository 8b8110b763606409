import type { z } from "zod";

import type { ErrorCode } from "../../shared/errors.ts";
import type { Scope } from "../../shared/scopes.ts";
import type { Replies } from "./reply.ts";
import type { Route } from "../route.ts";
import { named } from "./schema.ts";
import type { JsonSchema } from "./schema.ts";

export type { Reply } from "./reply.ts";

export interface Operation {
  id: string;
  summary: string;
  scope: Scope | null;
  query?: z.ZodType;
  body?: z.ZodType;
  bodyOptional?: true;
  bodyType?: string;
  idempotent?: true;
  headers?: Record<string, string>;
  replies: Replies;
  errors?: readonly ErrorCode[];
}

/** Routes that are not described beside their handlers yet. */
export interface Subject {
  tag: { name: string; description: string };
  operations: Record<string, Operation>;
  schemas: Record<string, JsonSchema>;
}

const thunks = new Map<z.ZodType, () => z.ZodType>();
const thunk = (schema: z.ZodType): (() => z.ZodType) => {
  const made = thunks.get(schema) ?? (() => schema);
  thunks.set(schema, made);
  return made;
};

export function legacyRoutes({ operations, schemas }: Subject): Route[] {
  for (const [name, schema] of Object.entries(schemas)) named(name, () => schema);
  return Object.entries(operations).map(([place, { query, body, replies, ...operation }]) => {
    const [method = "", path = ""] = place.split(" ");
    return {
      method: method as "GET",
      path,
      ...operation,
      ...(query && { query: thunk(query) }),
      ...(body && { body: thunk(body) }),
      replies: () => replies,
      handle: () => ({}),
      isLegacy: true,
    };
  });
}
