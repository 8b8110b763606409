import { z } from "zod";

import { FORMAT } from "../../archive/format.ts";
import type { SessionLine, TurnLine } from "../../archive/format.ts";
import { isoTime } from "../../time.ts";
import { toId } from "../session-id.ts";
import { turnsOf } from "../turns.ts";
import type { FoundMessage } from "../turns.ts";
import type { FileOptions, Outcome } from "./reader.ts";
import type { Tally } from "../tally.ts";

/** What the server takes. Source: `metadata` of src/edge/validate.ts. */
const METADATA_PAIRS = 16;
const METADATA_NAME = 64;
const METADATA_VALUE = 512;
/** Source: `id` of an item in src/items.ts. */
const MESSAGE_ID = 256;

/** A conversation as it was found, with times in ms since the epoch. */
export interface Told {
  id: string;
  /** The system that it comes from. */
  source: string;
  created?: number | undefined;
  accessed?: number | undefined;
  title?: string | null | undefined;
  user?: string | undefined;
  metadata?: Record<string, string | null | undefined>;
  messages: FoundMessage[];
  left: Tally;
}

/** A conversation as lines of the format; a problem where nothing was said in it. */
export function conversationOf(told: Told, options: FileOptions): Outcome {
  const messages = told.messages.map(storable);
  const times = messages.flatMap(({ at }) => (at === undefined ? [] : [at]));
  const created = told.created ?? times.reduce<number | undefined>(least, undefined);
  const accessed = [told.accessed, ...times, created].reduce<number | undefined>(most, undefined);
  if (messages.length === 0) return { problem: "has no messages" };
  const turns = turnsOf(messages, created ?? 0);
  const user = options.user ?? told.user;
  const session: SessionLine = {
    type: "session",
    format: FORMAT,
    session_id: toId(told.id),
    ...(created !== undefined && { created_at: isoTime(created) }),
    ...(accessed !== undefined && { accessed_at: isoTime(told.accessed ?? accessed) }),
    ...(user !== undefined && { user_id: user }),
    metadata: metadataOf(told),
    turns: turns.length,
  };
  const conversation = { session, turns: created === undefined ? turns.map(untimed) : turns };
  return { conversation: { ...conversation, ...told.left.told } };
}

/** A conversation that cannot be read is a problem of its own, and of no other. */
export function outcomesOf(read: () => Outcome[]): Outcome[] {
  try {
    return read();
  } catch (error) {
    return [{ problem: error instanceof z.ZodError ? firstOf(error) : (error as Error).message }];
  }
}

function firstOf({ issues: [issue] }: z.ZodError): string {
  if (!issue) return "has another shape";
  const path = issue.path.join(".");
  return path === "" ? `has another shape: ${issue.message}` : `${path}: ${issue.message}`;
}

/**
 * Without an id that is none, and with a replacement character where an export has half of a surrogate pair: it would
 * come out of any store so, and what was taken would not be found to be the same.
 */
function storable({ id, content, ...message }: FoundMessage): FoundMessage {
  const isId = id !== undefined && id !== "" && id.length <= MESSAGE_ID;
  return {
    ...message,
    ...(isId && { id }),
    content:
      typeof content === "string"
        ? content.toWellFormed()
        : content.map((part) =>
            "text" in part ? { ...part, text: part.text.toWellFormed() } : part,
          ),
  };
}

/** Where no time at all is known, none is made up: it would differ each time. */
function untimed({ created_at: _created, duration_ms: _duration, ...turn }: TurnLine): TurnLine {
  return turn;
}

/** The title and the system come first; what is too much is counted, what is too long is cut. */
function metadataOf({ title, source, metadata = {}, left }: Told): Record<string, string> {
  const pairs = Object.entries({ source, title, ...metadata }).flatMap(([name, value]) =>
    value === null || value === undefined || value === "" ? [] : [[name, value] as const],
  );
  const fit = pairs.filter(([name]) => name !== "" && name.length <= METADATA_NAME);
  left.add("metadata", pairs.length - Math.min(fit.length, METADATA_PAIRS));
  const kept = fit.slice(0, METADATA_PAIRS).map(([name, value]) => [name, cut(value)]);
  return Object.fromEntries(kept) as Record<string, string>;
}

/** Not within a surrogate pair. */
const cut = (value: string): string =>
  value
    .toWellFormed()
    .slice(0, METADATA_VALUE)
    .replace(/[\uD800-\uDBFF]$/, "");

const least = (before: number | undefined, at: number | undefined) =>
  before === undefined || (at !== undefined && at < before) ? at : before;
const most = (before: number | undefined, at: number | undefined) =>
  before === undefined || (at !== undefined && at > before) ? at : before;
