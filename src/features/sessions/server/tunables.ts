/** Model deltas are collected this long before they become one batch of events (one transaction, one wake-up). */
export const DELTA_FLUSH_MS = 40;
/** An event never carries more text than this; longer content is split over several deltas. */
export const EVENT_TEXT_MAX_CHARS = 4_000;
/** Beat of a running session's lease. */
export const LEASE_HEARTBEAT_MS = 5_000;
/** A lease without a beat for this long may be taken over: three missed beats. */
export const LEASE_STALE_MS = 15_000;
/** A session that lost its worker this often is given up, so that it cannot take workers down for ever. */
export const MAX_RUN_ATTEMPTS = 10;
/** What of an alert goes into full-text search. */
export const SEARCH_TEXT_MAX_CHARS = 20_000;
/** A busy run that also waits for people looks for decisions this often, in case it did not hear of one. */
export const DECISION_POLL_MS = 2_000;
/**
 * So much of a timeline's text can be searched in the session list (characters): more than most runs write. A page of a
 * search may have to look at a few hundred sessions, so their word lists must stay short.
 */
export const TIMELINE_SEARCH_MAX_CHARS = 40_000;
