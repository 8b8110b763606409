/** Bindings that a deployment may add to wrangler.toml: see docs/backup-and-restore.md and docs/operations.md. */
interface Env {
  /** A second bucket that holds the same as ARCHIVE. */
  ARCHIVE_REPLICA?: R2Bucket;
  /** Gets the points of /analytics as well. */
  ANALYTICS?: AnalyticsEngineDataset;
}
