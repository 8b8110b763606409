import type { Database } from "../../sqlite/database.ts";
import { readValue } from "../store/account/account-values.ts";
import type { CallsMode } from "../store/account/account-values.ts";

/** The account's own mode, or the deployment's. */
export const callsMode = ({
  db,
  deploymentMode,
}: {
  db: Database;
  deploymentMode: CallsMode;
}): CallsMode => readValue(db, "calls_mode") ?? deploymentMode;
