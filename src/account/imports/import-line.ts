import { z } from "zod";

import {
  FORMAT,
  endLine,
  sessionLine,
  skippedLine,
  turnLine as importedTurn,
  versionLine,
} from "../archive/format/format.ts";
import { id, metadata, stateObject } from "../../shared/field-schemas.ts";
import { ID_RULE } from "../../shared/ids.ts";
import { isObject } from "../../shared/json-merge-patch.ts";
import { NumberTooLarge, parseJson } from "../../shared/json.ts";

const KEY_LIMIT = 2 ** 33 - 1;
const KEY_RULE = `takes a whole number from 1 to ${KEY_LIMIT}`;
const FACTS_RULE = "takes a list of at most 32 texts of up to 512 characters";
/** A block of the journal, or of a user's facts: see session-flags.ts. */
const blockId = z.string().regex(/^(journal\/\d{1,10}|facts\/[0-9a-z]{1,64})$/);

/** A session line of an import: the format's, within the bounds of what is stored. */
export const importedSession = z.lazy(() =>
  sessionLine.unwrap().extend({
    format: z
      .int()
      .min(1)
      .max(FORMAT, `is newer than ${FORMAT}, the newest that this version reads`),
    session_id: z.union([id, blockId], { error: `takes an id: ${ID_RULE}` }),
    key: z.int(KEY_RULE).min(1, KEY_RULE).max(KEY_LIMIT, KEY_RULE).optional(),
    assistant: id.nullable().optional(),
    user_id: id.nullable().optional(),
    role: id.optional(),
    metadata: metadata.optional(),
    facts: z
      .array(z.string().min(1).max(512, FACTS_RULE), { error: FACTS_RULE })
      .max(32, FACTS_RULE)
      .optional(),
    // Unparsed: zod would drop names such as `__proto__`.
    state: z
      .custom<Record<string, unknown>>((value) => stateObject.safeParse(value).success, {
        error: "takes a JSON object, nested 64 levels deep at most",
      })
      .optional(),
    hold: z.string().min(1).max(512, "takes 512 characters at most").optional(),
  }),
);

const line = z.lazy(() =>
  z.discriminatedUnion("type", [importedSession, versionLine, importedTurn, skippedLine, endLine], {
    error: 'type takes "session", "version", "turn", "skipped" or "end"',
  }),
);

export type SessionLine = z.infer<typeof importedSession>;
export type TurnLine = z.infer<typeof importedTurn>;
export type SkippedLine = z.infer<typeof skippedLine>;
export type EndLine = z.infer<typeof endLine>;

/** A session that the export lacks from which the lines come. */
export type NotExported = Omit<SkippedLine, "type">;

/** Why part of an import was refused. */
export interface Problem {
  /** From 1. */
  line: number;
  session_id: string | null;
  code:
    | "not_json"
    | "not_utf8"
    | "line_too_long"
    | "invalid_line"
    | "turn_without_session"
    | "turn_too_large"
    | "session_too_large"
    | "turns_differ"
    | "end_differs";
  message: string;
}

/** Why a line cannot be read, and the session that it belongs to where that is known. */
export interface Fault {
  code: Problem["code"];
  message: string;
  type?: unknown;
  session_id?: string | null;
}

/** Null for a line that is about no session. */
function parseLine(text: string): z.infer<typeof line> | Fault | null {
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (error) {
    if (error instanceof NumberTooLarge)
      return { code: "invalid_line", message: `${error.message}; make it a string.` };
    return { code: "not_json", message: "The line is not JSON." };
  }
  const { type, session_id } = isObject(json) ? json : {};
  // A segment of an archive tells its members in its last line.
  if (type === "index") return null;
  const parsed = line.safeParse(json);
  if (parsed.success) return parsed.data;
  return {
    code: "invalid_line",
    message: issueOf(parsed.error),
    type,
    session_id: typeof session_id === "string" ? session_id.slice(0, 128).toWellFormed() : null,
  };
}

/** Parses a line, and takes its text from it: no variable of the caller holds that any more. Null: nothing is in it. */
export function parseAndDrop(from: { text: string }): ReturnType<typeof parseLine> {
  const text = from.text.trim();
  from.text = "";
  return text === "" ? null : parseLine(text);
}

/** The first issue as a sentence. */
function issueOf({ issues: [issue] }: z.ZodError): string {
  const path = issue?.path.join(".").slice(0, 128) ?? "";
  if (issue?.code === "unrecognized_keys")
    return `Unknown field ${JSON.stringify([...issue.path, issue.keys[0]].join(".").slice(0, 128))}.`;
  return `${path === "" ? "" : `${path}: `}${issue?.message ?? "It is not a line of the format"}.`;
}
