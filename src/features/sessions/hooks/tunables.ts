/** Events are folded and shown at most this often: one paint for a burst of deltas, and text still seems to flow. */
export const FLUSH_MS = 50;
/** A state that was asked for ahead of the page serves it for so long; events since then follow from its cursor. */
export const PRELOAD_FRESH_MS = 5_000;
/** Without a socket the log is read this often. */
export const POLL_MS = 2_000;
/** Events per request while catching up. */
export const CATCH_UP_LIMIT = 1_000;
/** Further behind than this, the state itself is read anew: cheaper than the events that led to it. */
export const CATCH_UP_MAX_EVENTS = 10_000;
/** A join that is not answered counts as a lost connection. */
export const JOIN_TIMEOUT_MS = 5_000;
/** Lists are renewed at most this often, however many sessions change. */
export const LIST_REFRESH_MS = 1_000;
/** Tokens of each agent are read again at most this often; they are a figure beside the name, not news. */
export const USAGE_REFRESH_MS = 2_000;
/** The trace page shows and reads news at most this often: a page of calls is large. */
export const TRACE_REFRESH_MS = 2_000;
