/** One request to a runbook's host. GitHub answers within a second; ten cover a slow proxy. */
export const REQUEST_TIMEOUT_MS = 10_000;
/** All tries for one runbook together: an investigation does not wait longer for a document it can do without. */
export const FETCH_DEADLINE_MS = 25_000;
/** Repeats after the first try, for answers that a repeat can mend (429, 5xx, a broken connection). */
export const MAX_RETRIES = 2;
/** Ceiling of the first pause; it doubles. */
export const RETRY_BASE_DELAY_MS = 300;
/** A host that asks for a longer pause counts as failed. */
export const RETRY_AFTER_MAX_MS = 5_000;
/** After a failure a copy is used unasked for so long: each try may take as long as `FETCH_DEADLINE_MS`. */
export const REFRESH_PAUSE_MS = 60_000;
/** Hops from one address to the next; each is checked like the first. */
export const MAX_REDIRECTS = 3;
/** Larger files are no runbooks; what the model sees of a smaller one depends on its context. */
export const RUNBOOK_MAX_BYTES = 512 * 1024;
/** What GitHub's contents API names of one folder at most. */
export const LISTING_MAX_ENTRIES = 1_000;
/** A listing of so many entries, with room. */
export const LISTING_MAX_BYTES = 4 * 1024 * 1024;
/** Folders that one listing walks through; each is a request. */
export const MAX_LISTED_FOLDERS = 100;
/** Folders that are read at the same time. */
export const LIST_CONCURRENCY = 4;
/** Runbooks that are offered; more cannot be looked through. */
export const MAX_LISTED_RUNBOOKS = 2_000;
/** Cached documents that nobody has fetched again for so long are removed: alerts may name any address of a host. */
export const CACHE_KEPT_DAYS = 30;
/** Runbooks of one page of the list. */
export const LIST_LIMIT_DEFAULT = 500;
export const LIST_LIMIT_MAX = 1_000;
/** The page's picker does not wait longer for a listing of many folders. */
export const LIST_PAGE_TIMEOUT_MS = 30_000;
