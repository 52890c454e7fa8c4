/** The incident that a start of the demo shows. */
export const FIRST_INCIDENT = 'crash-loop-missing-secret-key';
/** Ageing the simulated cluster by some days takes a second or two. */
export const CLUSTER_START_MS = 60_000;
/** From the start of web and worker until both answer. */
export const HEALTH_LIMIT_MS = 90_000;
export const HEALTH_STEP_MS = 150;
/** With `TARS_DEMO_EXIT=1`: how long the investigation may take; the demo's configuration ends it before. */
export const INVESTIGATION_LIMIT_MS = 20 * 60_000;
export const INVESTIGATION_STEP_MS = 500;
export const REQUEST_TIMEOUT_MS = 10_000;
/** Lines of a log file that a failure shows. */
export const LOG_TAIL_LINES = 12;
/** A whole log file may be large; only its end is read, in bytes. */
export const LOG_TAIL_BYTES = 64_000;
/** Longer than the first investigation takes. */
export const FIRST_CHECK_AFTER_MINUTES = 5;
