import { jurisdictionOf } from "../../../shared/ids.ts";

/** The buckets of one account. */
export interface Buckets {
  primary: R2Bucket;
  replica: R2Bucket | undefined;
}

/** An account that stays in a jurisdiction has its bucket, where one is bound, and no copies elsewhere. */
export function bucketsOf(env: Env, accountId: string): Buckets {
  const { ARCHIVE, ARCHIVE_EU, ARCHIVE_US, ARCHIVE_REPLICA } = env;
  const jurisdiction = jurisdictionOf(accountId);
  if (jurisdiction === null) return { primary: ARCHIVE, replica: ARCHIVE_REPLICA };
  const own = { eu: ARCHIVE_EU, us: ARCHIVE_US }[jurisdiction];
  return { primary: own ?? ARCHIVE, replica: undefined };
}
