import init from "../../migrations/directory/0001_init.sql";
import adminLog from "../../migrations/directory/0002_admin_log.sql";
import flags from "../../migrations/directory/0003_flags.sql";
import maintenance from "../../migrations/directory/0004_maintenance.sql";
import operations from "../../migrations/directory/0005_operations.sql";
import jobs from "../../migrations/directory/0006_jobs.sql";
import forgottenUsers from "../../migrations/directory/0007_forgotten_users.sql";
import type { Migration } from "../sqlite/migrate.ts";

/** The list is append-only. An object loads this module when its database lacks one of them. */
export const migrations: readonly Migration[] = [
  { name: "0001_init", sql: init },
  { name: "0002_admin_log", sql: adminLog },
  { name: "0003_flags", sql: flags },
  { name: "0004_maintenance", sql: maintenance },
  { name: "0005_operations", sql: operations },
  { name: "0006_jobs", sql: jobs },
  { name: "0007_forgotten_users", sql: forgottenUsers },
];
