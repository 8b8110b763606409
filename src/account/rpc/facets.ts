import { archivesFacet } from "./archives.ts";
import { backupsFacet } from "./backups.ts";
import { callMigrationFacet } from "./call-migration.ts";
import { callsFacet } from "./calls.ts";
import { erasureFacet } from "./erasure.ts";
import type { Facet } from "./facet.ts";
import { factsFacet } from "./facts.ts";
import { responsesFacet } from "./responses.ts";
import { sessionsFacet } from "./sessions.ts";
import { settingsFacet } from "./settings.ts";
import { transferFacet } from "./transfer.ts";
import { turnsFacet } from "./turns.ts";
import { whatsappFacet } from "./whatsapp.ts";

/** All RPC methods of an account's object, by subject. */
export const FACETS = {
  turns: turnsFacet,
  responses: responsesFacet,
  sessions: sessionsFacet,
  calls: callsFacet,
  callMigration: callMigrationFacet,
  archives: archivesFacet,
  erasure: erasureFacet,
  facts: factsFacet,
  backups: backupsFacet,
  transfer: transferFacet,
  whatsapp: whatsappFacet,
  settings: settingsFacet,
};

/** An account's object, as its callers see it. */
export type AccountRpc = { [F in keyof typeof FACETS]: Facet<(typeof FACETS)[F]> };

/** The names under which an object serves them: `facet.method`. */
export type RpcName = {
  [F in keyof typeof FACETS]: `${F}.${keyof (typeof FACETS)[F] & string}`;
}[keyof typeof FACETS];
