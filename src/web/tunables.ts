/** A readiness answer is reused this long, so that an unauthenticated address cannot load the database. */
export const HEALTH_CACHE_MS = 250;
/** A database that takes longer to say `select 1` is down for our purposes. */
export const HEALTH_DATABASE_TIMEOUT_MS = 2_000;
/** A worker whose heartbeat (every 5 s) is older counts as gone. */
export const WORKER_STALE_MS = 30_000;
/** Idle connections outlive a load balancer's usual 60 s, so that it never writes into one we just closed. */
export const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** A request must have arrived whole within this time. */
export const REQUEST_TIMEOUT_MS = 30_000;
/** Between "not ready" and closing the port, so that a load balancer notices. Nothing waits in development. */
export const SHUTDOWN_NOTICE_MS = 500;
/** Requests still running after this are cut off at shutdown. */
export const SHUTDOWN_GRACE_MS = 8_000;
/** A request id from outside is kept when it is at most this long and plain. */
export const REQUEST_ID_MAX_LENGTH = 100;
/** How often a stopping server closes connections that have become idle. */
export const SHUTDOWN_SWEEP_MS = 50;
/** The whole shutdown; a supervisor kills after 15 s or more. */
export const SHUTDOWN_LIMIT_MS = 12_000;

/** How often a page that could not be shown for now looks whether it can: a start or a lost database takes seconds. */
export const FAILURE_PAGE_LOOK_MS = 5_000;
