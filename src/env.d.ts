/** Bindings that a deployment may add to wrangler.toml: see docs/backup-and-restore.md and docs/operations.md. */
interface Env {
  /** A second bucket with copies of all objects of ARCHIVE. */
  ARCHIVE_REPLICA?: R2Bucket;
  /** Receives the data points of /analytics, too. */
  ANALYTICS?: AnalyticsEngineDataset;
}
