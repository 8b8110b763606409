import type { Account } from "./account.ts";
import { withArchivedTexts } from "./archive/sessions/archived-hits.ts";
import { wordsMissing } from "./store/archive/archived-words.ts";
import { phrasesIn } from "./store/turns/match-expression.ts";
import type { SearchFilter } from "./store/turns/search-filter.ts";
import type { SearchResult } from "./store/turns/search.ts";

/** How long a search waits for archives to be indexed, in ms. Then it answers with what is indexed by then. */
const INDEXING_WAIT_MS = 1_000;

export interface AccountSearchResult extends SearchResult {
  /** Archives are being indexed: sessions in them may be missing from the hits. */
  indexing: boolean;
}

/** Searches an account's turns, live and archived. The first search begins to index what is archived. */
export async function searchAccount(
  account: Account,
  query: string,
  page: { limit: number; offset: number },
  filter: SearchFilter,
): Promise<AccountSearchResult> {
  await account.archiveIndexing.begin(filter.status === "live" ? 0 : INDEXING_WAIT_MS);
  const { services } = account;
  const found = await services.search.search(query, page, filter);
  const hits = await withArchivedTexts(services, found.hits, phrasesIn(query));
  const { isPending, isDamaged } = wordsMissing(services.db);
  const isWhole = filter.status === "live" || !(isPending || isDamaged);
  const complete = found.complete && isWhole;
  return { ...found, hits, complete, indexing: account.archiveIndexing.isDue };
}
