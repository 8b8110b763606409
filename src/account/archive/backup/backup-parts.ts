import type { Database } from "../../../sqlite/database.ts";
import type { SystemPrompts } from "../../store/turns/system-prompts.ts";
import type { Turns } from "../../store/turns/turns.ts";
import type { Archivist } from "../sessions/archivist.ts";
import type { Keyring } from "../storage/keyring.ts";
import type { ObjectStore } from "../storage/object-store.ts";

/** The account's services that backups are made, restored and deleted with. */
export interface BackupParts {
  db: Database;
  turns: Turns;
  frames: SystemPrompts;
  archivist: Archivist;
  store: ObjectStore;
  keyring: Keyring;
  accountId: string;
}
