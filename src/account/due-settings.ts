import { nameOf } from "./archive/storage/keyring.ts";
import { configOf } from "../config.ts";
import { deploymentRetention } from "./store/retention/retention-policy.ts";

/** Accounts from before values had bounds have to be looked through: see repair.ts. */
const REPAIR = 1;

/** Fingerprint of the settings that set due dates. Accounts report again when it changes. */
export function settingsOf(env: Env): string {
  const config = configOf(env);
  return JSON.stringify([
    ...Object.values(deploymentRetention(config)),
    config.ARCHIVE_KEY === undefined ? null : nameOf(config.ARCHIVE_KEY),
    env.ARCHIVE_REPLICA !== undefined,
    REPAIR,
  ]);
}
