import type { SystemPrompts } from "../../store/turns/system-prompts.ts";
import type { SessionRecord } from "./record.ts";
import type { Turn } from "../../../shared/turn.ts";

/** The texts of a live session's frames, as far as they are known. */
export function framesOf(
  frames: SystemPrompts,
  key: number,
  turns: readonly Turn[],
): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const { frame } of turns) {
    if (frame === undefined || texts[frame] !== undefined) continue;
    const text = frames.text(key, frame);
    if (text !== null) texts[frame] = text;
  }
  return texts;
}

/** Where a session's frames are read: with its record, while it is archived. */
export const frameReader =
  (frames: SystemPrompts, key: number, archived: SessionRecord | null) =>
  (frame: number): string | null =>
    archived ? (archived.frames?.[frame] ?? null) : frames.text(key, frame);

/** Brings a record's frames back in its transaction, as the session's own unless another session has them. */
export function bringFrames(
  frames: SystemPrompts,
  key: number,
  record: Pick<SessionRecord, "frames">,
): void {
  for (const [id, text] of Object.entries(record.frames ?? {})) {
    if (frames.text(key, Number(id)) === null) frames.put(key, text);
  }
}
