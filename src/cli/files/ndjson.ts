import {
  FORMAT,
  endLine,
  sessionLine,
  skippedLine,
  turnLine,
  versionLine,
} from "../../account/archive/format/format.ts";
import type { SessionLine, TurnLine, VersionLine } from "../../account/archive/format/format.ts";
import { isObject } from "../../shared/json-merge-patch.ts";
import { jsonValues } from "./json-values.ts";
import type { JsonValue } from "./json-value.ts";
import { problemOf } from "../reading/outcomes.ts";
import type { Entry, ReadOptions, Outcome, Reader } from "../reading/reader.ts";

/**
 * Our own format: an export, a segment of the archive that is not encrypted, or lines that were written by hand. Its lines
 * stay as they are.
 *
 * @throws Error where an export's last line counts other sessions or turns than were there
 */
export const ndjson: Reader = async function* (path, options) {
  let lines: JsonValue[] = [];
  let missing = 0;
  let [sessions, turns, skipped] = [0, 0, 0];
  for await (const line of jsonValues(path, { form: "lines", onBytes: options.onBytes })) {
    const { type, session_id, turns: count, part } = head(line);
    // A line that cannot be read is taken for a turn of the session that is not complete: it is not whole without it.
    if (lines.length > 0 && type === "version") {
      lines.push(line);
      continue;
    }
    if (lines.length > 0 && (type === "turn" || (type === undefined && missing > 0))) {
      turns += 1;
      missing -= 1;
      lines.push(line);
      continue;
    }
    // A session with which the export could not go on is not whole.
    const isNamed = type === "skipped" && typeof session_id === "string";
    const isLacking = isNamed && head(lines[0]).session_id === session_id;
    if (lines.length > 0 && !isLacking) yield entry(lines, options);
    lines = [];
    if (type === "session") {
      // The later parts of a session are of the same one.
      if (!isLaterPart(part)) sessions += 1;
      missing = typeof count === "number" ? count : Number.POSITIVE_INFINITY;
      lines = [line];
    } else if (type === "skipped") {
      skipped += 1;
      yield { from: line.from, read: () => [{ problem: lackingIn(line) }] };
    } else if (type === "end") {
      const end = endOf(line);
      if (end.sessions !== sessions || end.turns !== turns)
        throw new Error(
          `${line.from}: is of ${end.sessions} sessions and ${end.turns} turns, here are ${sessions} and ${turns}`,
        );
      if ((end.skipped ?? 0) !== skipped)
        throw new Error(
          `${line.from}: is without ${end.skipped ?? 0} sessions, here are ${skipped}`,
        );
    } else if (type !== "index") {
      yield { from: line.from, read: () => [{ problem: strange(line) }] };
    }
  }
  if (lines.length > 0) yield entry(lines, options);
};

/** @throws ZodError where the line names none */
function lackingIn(line: JsonValue): string {
  const { session_id } = skippedLine.parse(line.parse());
  return `names session ${session_id}, which could not be exported`;
}

/** @throws Error where the line does not count what was there */
function endOf(line: JsonValue) {
  try {
    return endLine.parse(line.parse());
  } catch (error) {
    throw new Error(`${line.from}: ${problemOf(error)}`, { cause: error });
  }
}

/** The type that a line names; none where it is no JSON, which is reported where it is read. */
function head(line?: JsonValue): {
  type?: unknown;
  session_id?: unknown;
  turns?: unknown;
  part?: unknown;
} {
  try {
    const value = line?.parse();
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

const isLaterPart = (part: unknown): boolean =>
  isObject(part) && typeof part.number === "number" && part.number > 1;

function strange(line: JsonValue): string {
  const value = line.parse();
  return isObject(value) && value.type === "turn"
    ? "is a turn with no session line before it"
    : "is neither a session line nor a turn line";
}

const entry = (lines: readonly JsonValue[], options: ReadOptions): Entry => ({
  from: lines[0]?.from ?? "",
  read: () => [told(lines, options)],
});

const isVersion = (line: JsonValue): boolean => head(line).type === "version";

function told([first, ...rest]: readonly JsonValue[], { user }: ReadOptions): Outcome {
  const session = first?.parse() as SessionLine;
  const { format, turns: count } = sessionLine.parse(session);
  if (format > FORMAT) return { problem: `is of format ${format}: the latest known is ${FORMAT}` };
  const [kept, said] = [rest.filter(isVersion), rest.filter((line) => !isVersion(line))];
  if (count !== undefined && count !== said.length)
    return { problem: `has ${said.length} of its ${count} turns` };
  const versions = kept.map((line) => {
    const version = line.parse();
    versionLine.parse(version);
    return version as VersionLine;
  });
  const turns = said.map((line) => {
    const turn = line.parse();
    turnLine.parse(turn);
    return turn as TurnLine;
  });
  const own = user === undefined ? session : { ...session, user_id: user };
  return {
    conversation: { session: own, ...(versions.length > 0 && { versions }), turns },
  };
}
