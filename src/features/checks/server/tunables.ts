/** A tick that is taken later than this had passed while no worker ran; sweeps come every few seconds. */
export const LATE_AFTER_MS = 60_000;
/** Runs that a page shows of each check. */
export const HISTORY_SHOWN = 20;
/** Runs kept per check: at every quarter of an hour, ten days. */
export const RUNS_KEPT = 1_000;
