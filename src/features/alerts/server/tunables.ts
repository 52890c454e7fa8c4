/** What a caller is told to wait when the queue is full: sessions take tens of seconds. */
export const QUEUE_FULL_RETRY_SECONDS = 30;
/** So close to a full queue new problems are counted one after the other: more deliveries than this are not in flight at once. */
export const QUEUE_LOCK_MARGIN = 100;
/** A title is one line of a list; the whole text is in the alert's data. As long as the longest that a sender may give. */
export const TITLE_MAX_CHARS = 500;
/** Calls a sample's `prepare` address at most this long. */
export const SAMPLE_PREPARE_TIMEOUT_MS = 10_000;
/** Senders whose rate is remembered at once; above it those that have sent nothing for a while are forgotten. */
export const RATE_KEYS_MAX = 10_000;
