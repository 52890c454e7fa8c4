import { MAX_TOOL_TIMEOUT_MS } from '#src/server/config/index.ts';

/** From the first byte of a connection (or the start of a process) to a usable tool list. npx may have to download. */
export const CONNECT_TIMEOUT_MS = 30_000;

/** A call's time when the server's configuration names none. */
export const DEFAULT_CALL_TIMEOUT_MS = 60_000;

/** No configuration makes one call longer than this, retries included: an iteration must be able to end. */
export const MAX_CALL_TIMEOUT_MS = MAX_TOOL_TIMEOUT_MS;

/** Wait before the one retry after a lost connection; random in between so that many runs do not knock together. */
export const RETRY_DELAY_MIN_MS = 250;
export const RETRY_DELAY_MAX_MS = 750;

/** Largest answer that is taken from a server, in bytes. Below it nothing is cut here: the caller stores it. */
export const MAX_RESULT_BYTES = 32 * 1024 * 1024;

/** Images of results: bytes of one (the strictest provider takes 5 MB of base64), and images kept of one call. */
export const MAX_IMAGE_BYTES = 2_000_000;
export const MAX_IMAGES_PER_CALL = 4;
/** Longest side that every provider takes; and pixels in all, which a browser unpacks into four bytes each. */
export const MAX_IMAGE_SIDE_PX = 8_000;
export const MAX_IMAGE_PIXELS = 25_000_000;

/** A process that was asked to end by closing its stdin, then by SIGTERM, gets this long each before SIGKILL. */
export const STDIN_CLOSE_GRACE_MS = 1_000;
export const SIGTERM_GRACE_MS = 1_500;

/** What a process wrote before it ended is read for at most this long. */
export const PIPE_DRAIN_MS = 500;

/** Seconds (argument of `sleep`) that a server has to notice the end of stdin after its owner was killed. */
export const ORPHAN_GRACE_SECONDS = 2;

/** The DELETE that ends a streamable HTTP session is a courtesy: closing does not wait longer for it. */
export const SESSION_DELETE_TIMEOUT_MS = 1_500;

/** How much of a server's stderr is kept for error messages, in characters. */
export const STDERR_TAIL_CHARS = 2_000;

/** stderr lines of one process that reach the log, and their length, so that a chatty server cannot fill a disk. */
export const STDERR_MAX_LINES = 200;
export const STDERR_MAX_LINE_CHARS = 500;

/** Bounds of lists: pages asked for, tools and resources kept per server. */
export const MAX_LIST_PAGES = 50;
export const MAX_TOOLS_PER_SERVER = 512;
export const MAX_RESOURCES_PER_SERVER = 1_000;

/** What providers accept as a function name. */
export const MAX_WIRE_NAME_CHARS = 64;

/** A longer description costs context on every call and says nothing more. */
export const MAX_DESCRIPTION_CHARS = 4_000;

/** A larger input schema (serialised characters) loses its descriptions, then its details. */
export const MAX_SCHEMA_CHARS = 32_000;

/** Nesting of an input schema that is followed; deeper parts are taken as "anything". */
export const MAX_SCHEMA_DEPTH = 24;

/** Longest note on the progress of a call, in characters. */
export const PROGRESS_MAX_CHARS = 500;

/** What a call may say while it runs, in characters: some hundred lines; the result itself has its own bound. */
export const LIVE_OUTPUT_MAX_CHARS = 64_000;

/** A server that can log is asked for this level; below it is for its developers. */
export const LOG_LEVEL_OF_SERVERS = 'info';

/** Longest error text that is passed on, in characters. */
export const MAX_ERROR_CHARS = 4_000;

/** Health: time between probes of a healthy server, of one probe, and the longest wait after repeated failures. */
export const HEALTH_INTERVAL_MS = 15_000;
/** Between the first probes of two servers: each may start a program, at a time when TARS itself is starting. */
export const HEALTH_STAGGER_MS = 1_500;
export const HEALTH_PROBE_TIMEOUT_MS = 5_000;
export const HEALTH_MAX_BACKOFF_MS = 120_000;

/** Somebody signs in and watches the page: a server that waits for it is looked at more often (it costs a row, no request). */
export const HEALTH_SIGN_IN_INTERVAL_MS = 3_000;

/** A healthy server is pinged; its tool list is read again every so many probes. */
export const HEALTH_LIST_EVERY_PROBES = 20;
/** How long a server may take to drop what it kept for an execution. */
export const CLEANUP_TIMEOUT_MS = 5_000;
