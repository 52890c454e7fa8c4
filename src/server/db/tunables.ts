/** Connections per process: as many as a worker has jobs at a time, and some. A few processes stay far below PostgreSQL's 100. */
export const POOL_MAX_CONNECTIONS = 18;
/** A caller waits this long for a free connection before it gets an error instead of hanging. */
export const POOL_CONNECT_TIMEOUT_MS = 5_000;
export const POOL_IDLE_TIMEOUT_MS = 30_000;
/** A process that stops in the middle of a transaction (frozen, swapped out) must not hold its rows against everybody else. */
export const IDLE_IN_TRANSACTION_LIMIT_MS = 10_000;
/** How long a start waits for a database that is still coming up (compose, pod start order). */
export const DATABASE_WAIT_MS = 15_000;
export const DATABASE_WAIT_STEP_MS = 500;
/** Texts that a process prepares on its connections. Ours are static and far fewer; more would be a text built from data. */
export const MAX_PREPARED_STATEMENTS = 200;
