/** PostgreSQL channel on which writers announce new events; see `wake-up.ts` for the payload. */
export const EVENTS_CHANNEL = 'tars_events';

/** First and longest pause before the LISTEN connection is tried again. */
export const RECONNECT_MIN_MS = 100;
export const RECONNECT_MAX_MS = 5_000;
export const LISTEN_CONNECT_TIMEOUT_MS = 5_000;
/** A LISTEN connection is silent for hours; a dead peer shows only when we ask. */
export const LISTEN_PROBE_INTERVAL_MS = 15_000;
export const LISTEN_PROBE_TIMEOUT_MS = 5_000;
/** While LISTEN is down, new events are looked for this often. */
export const POLL_INTERVAL_MS = 1_000;

/** Rows of one read: at most a few hundred kB, so that one busy session cannot hold up the others. */
export const BATCH_EVENTS = 500;
/** Reads of the relay at the same time: it must leave connections of the pool to the pages. */
export const CONCURRENT_READS = 4;
/** Pause before a read that failed is tried again. */
export const READ_RETRY_MS = 1_000;

/** Events of one message to a browser, by number and by characters of JSON (before the next one would go over). */
export const MESSAGE_EVENTS = 200;
export const MESSAGE_CHARS = 256_000;
/** Messages that may wait for a slow client; beyond that it gets no more until they are gone. */
export const PENDING_MESSAGES_MAX = 16;
/** A client whose messages do not move for this long is disconnected; it comes back with its cursor. */
export const DRAIN_TIMEOUT_MS = 30_000;

/** Changes of a project's list are collected this long into one message. */
export const PROJECT_TICK_MS = 250;
/** More changed sessions than this in one message are sent as "anything may have changed" (an empty list). */
export const PROJECT_TICK_SESSIONS_MAX = 200;

/** A browser shows one session, perhaps a few in tabs of one socket. */
export const JOINED_SESSIONS_MAX = 20;
export const JOINED_PROJECTS_MAX = 20;
/** A connection tells that its person writes at most this often; it is shown for twice as long. */
export const TYPING_INTERVAL_MS = 2_000;
/** Requests of clients are small: ids and numbers (bytes). */
export const REQUEST_MAX_BYTES = 16_384;
/** How long a revoked membership or key can keep watching. */
export const ACCESS_RECHECK_MS = 15_000;
/** A client that does not read cannot close its side; its connection is destroyed after this. */
export const GOODBYE_TIMEOUT_MS = 1_000;
export const PING_INTERVAL_MS = 20_000;
export const PING_TIMEOUT_MS = 15_000;
