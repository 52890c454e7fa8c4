/** A request to the API, answer included. */
export const REQUEST_TIMEOUT_MS = 15_000;
/** Further attempts when the server cannot be reached or says that it is busy, and the first pause before one. */
export const REQUEST_RETRIES = 3;
export const RETRY_FIRST_DELAY_MS = 400;
/** The longest Retry-After that is honoured. */
export const RETRY_MAX_DELAY_MS = 5_000;
/** How often `session watch` asks for new events. */
export const WATCH_INTERVAL_MS = 700;
/** Events per request of `session watch`. */
export const WATCH_PAGE = 500;
/** `session watch` gives up after the server was gone for so many rounds in a row. */
export const WATCH_MAX_FAILURES = 30;
/** Longest text of one printed line. */
export const LINE_MAX_CHARS = 160;
