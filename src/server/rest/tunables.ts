/** A larger request body is refused with 413: alerts are kilobytes, and everything stored passes masking first. */
export const BODY_MAX_BYTES = 1024 * 1024;
/** After a refusal this much of the rest is read and thrown away, so that the client gets to see the answer … */
export const DRAIN_MAX_BYTES = 16 * 1024 * 1024;
/** … but only this long. */
export const DRAIN_MAX_MS = 2_000;
/** A body that trickles in slower than this is cut off (slow-loris). */
export const BODY_TIMEOUT_MS = 15_000;
/** JSON nested deeper is refused: no monitoring sends it, and recursive code behind us would overflow. */
export const JSON_MAX_DEPTH = 64;
/** Retry-After, in seconds, while the database is away. */
export const UNAVAILABLE_RETRY_SECONDS = 2;
/** A slug leads to the same project for good; this only bounds how long a new one seems missing. */
export const PROJECT_CACHE_MS = 2_000;
export const PROJECT_CACHE_SIZE = 500;
/** The name of a known project never changes; this only bounds how long one that is gone is remembered. */
export const SLUG_CACHE_MS = 60_000;
