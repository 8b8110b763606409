/** Bindings that a deployment may add to wrangler.toml: see docs/backup-and-restore.md and docs/operations.md. */
interface Env {
  /** Buckets of the EU's and of the US's jurisdiction, for the archives of the accounts whose data stays there. */
  ARCHIVE_EU?: R2Bucket;
  ARCHIVE_US?: R2Bucket;
  /** A second bucket with copies of all objects of ARCHIVE. */
  ARCHIVE_REPLICA?: R2Bucket;
  /** Receives the data points of /analytics, too. */
  ANALYTICS?: AnalyticsEngineDataset;
}
