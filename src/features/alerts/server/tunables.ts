/** What a caller is told to wait when the queue is full: sessions take tens of seconds. */
export const QUEUE_FULL_RETRY_SECONDS = 30;
/** Lines of JSON that a payload is shown with; more than this is cut when stored as text. */
export const TITLE_MAX_CHARS = 200;
/** Calls a sample's `prepare` address at most this long. */
export const SAMPLE_PREPARE_TIMEOUT_MS = 10_000;
