import type { SessionRow } from "../../store/sessions/sessions.ts";
import type { ArchivedTurns } from "../sessions/archived-turns.ts";
import type { Archivist } from "../sessions/archivist.ts";

/** An archived session's part is read once for all that a page has of it. */
export class LastArchive {
  readonly #archivist: Archivist;
  #last: { session: SessionRow; archive: ArchivedTurns } | null = null;

  constructor(archivist: Archivist) {
    this.#archivist = archivist;
  }

  of(session: SessionRow): ArchivedTurns {
    const last = this.#last?.session;
    // It may come back meanwhile, and be archived again.
    if (last?.key !== session.key || last.segment !== session.segment)
      this.#last = { session, archive: this.#archivist.turnsOf(session) };
    return (this.#last as { archive: ArchivedTurns }).archive;
  }

  /** Null: the session is live. */
  readonly ofAny = (session: SessionRow): ArchivedTurns | null =>
    session.segment === null ? null : this.of(session);
}
