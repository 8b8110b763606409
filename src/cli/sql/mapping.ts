import { z } from "zod";

import { METADATA_PAIRS } from "../../shared/field-schemas.ts";

/** Names that are not the mapping's: where a conversation came from, and ids that are none of ours. */
const OWN_NAMES = new Set(["source", "table", "source_session_id", "source_user_id"]);
const MOST_NAMES = METADATA_PAIRS - OWN_NAMES.size;

const column = z
  .string("takes the name of a column")
  .min(1, "takes the name of a column")
  .max(64, "takes a name of 64 characters")
  .refine((name) => !name.includes("\0"), "takes a name without NUL");
/** May have a schema before it, or with MySQL a database: `chat.messages`. */
const table = z
  .string("takes the name of a table")
  .regex(
    /^[^.\0]{1,64}(?:\.[^.\0]{1,64})?$/,
    "takes the name of a table: messages, or chat.messages",
  );
const metadata = z.record(
  z
    .string()
    .regex(/^.{1,64}$/, "takes names of 1 to 64 characters")
    .refine((name) => !OWN_NAMES.has(name), "is a name that says where the session comes from"),
  column,
);

/** Which columns have what. See docs/migrate/mysql.md. */
const shape = z.strictObject({
  table,
  session_id: column,
  role: column,
  content: column,
  created_at: column.optional(),
  id: column.optional(),
  /** Columns that messages are ordered by, where time and id do not tell. */
  order_by: z.array(column).min(1).optional(),
  user_id: column.optional(),
  assistant: column.optional(),
  model: column.optional(),
  metadata: metadata.optional(),
  /** The role that each value of the role column means. */
  roles: z
    .record(z.string(), z.enum(["system", "developer", "user", "assistant", "tool"]))
    .optional(),
  /** A table with a row for each session, where there is one. */
  session_table: z
    .strictObject({
      table,
      session_id: column,
      user_id: column.optional(),
      assistant: column.optional(),
      created_at: column.optional(),
      metadata: metadata.optional(),
    })
    .optional(),
});

export type Mapping = z.infer<typeof shape>;

const mappingShape = shape.refine(
  ({ metadata: own, session_table }) =>
    new Set(Object.keys({ ...own, ...session_table?.metadata })).size <= MOST_NAMES,
  { path: ["metadata"], error: `takes ${MOST_NAMES} names at most, with those of session_table` },
);

/** @throws Error that names what of it is wrong */
export function parseMapping(json: unknown): Mapping {
  const parsed = mappingShape.safeParse(json);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => {
    const at = issue.path.join(".");
    return at === "" ? issue.message : `${at}: ${issue.message}`;
  });
  throw new Error(`The mapping is not one: ${issues.join("; ")}.`);
}
