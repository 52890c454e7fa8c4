/** Whether a sweep is due is looked at this often by every worker; one of them then runs it. */
export const RETENTION_CHECK_MS = 60_000;
/** A sweep starts this long after the start of the one before: ages are days, and an hour's worth is quickly removed. */
export const RETENTION_INTERVAL_MS = 3_600_000;
/** Sessions of one transaction: their rows are locked for some ten milliseconds, and a shutdown waits for no more. */
export const SESSIONS_PER_BATCH = 20;
/** Events of one session and transaction: a long investigation has tens of thousands. */
export const EVENTS_PER_BATCH = 10_000;
/** Alerts of one transaction; each has few rows below it. */
export const ALERTS_PER_BATCH = 200;
/** Sums of usage of one transaction: about a hundred bytes each, and nothing below them. */
export const USAGE_ROWS_PER_BATCH = 5_000;
/** Rest after each batch, so that the database's disks and the autovacuum of these tables belong to the investigations. */
export const BATCH_PAUSE_MS = 20;
/** Batches of one sweep: what is left then is the next one's. Bounds a sweep that never comes to an end, not a usual one. */
export const SWEEP_MAX_BATCHES = 100_000;
/** How long a statement of a batch waits for a row that somebody holds, before the sweep gives way. */
export const LOCK_TIMEOUT_MS = 2_000;
