/** How often a worker looks for abandoned sessions, dead workers and free capacity. With the lease's 15 s it bounds recovery. */
export const SWEEP_INTERVAL_MS = 2_000;
/** Follow-ups of sessions that one worker runs at a time, by lane: people wait for an answer, nobody for a score. */
export const LANE_SLOTS = { chat: 5, review: 2 };
/** Queue slots beyond the sessions and follow-ups, for short jobs. */
export const EXTRA_JOB_SLOTS = 2;
/** Queue slots for sending messages at least; else one for each destination, so that none holds up another or a run. */
export const DELIVERY_SLOTS_MIN = 4;
/** How long a shutdown waits for runs to reach a step boundary. */
export const SHUTDOWN_LIMIT_MS = 20_000;
/** Reconnects of the cancellation listener. */
export const LISTEN_RETRY_MS = 1_000;
/** How often a worker leaves its metrics for `/api/metrics`: as often as Prometheus usually looks. */
export const METRICS_REPORT_MS = 15_000;
/** Jobs without attempts that one sweep ends. */
export const SPENT_JOBS_MAX = 1_000;
