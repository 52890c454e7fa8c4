/** First pause before a crashed process is started again; short, so that a killed worker's runs go on within seconds. */
export const RESTART_FIRST_DELAY_MS = 500;
/** Longest pause between two attempts; they go on for ever. */
export const RESTART_MAX_DELAY_MS = 30_000;
/** A process that ran this long counts as healthy again: the pauses start over. */
export const RESTART_STABLE_MS = 60_000;
/** From SIGTERM to SIGKILL. Web ends itself within 12 s, the worker (which lets steps come to a boundary) within 20 s. */
export const STOP_GRACE_MS = 22_000;
/** After a killed child: what guards its own children (MCP servers) ends them within 2 s. */
export const ORPHANS_GRACE_MS = 2_500;
/** A terminal's Ctrl-C reaches us, npm and the shell, and some pass it on: repeats within this time are one wish. */
export const SIGNAL_REPEAT_MS = 500;
/** How often a supervisor that npm started looks whether npm is still there. */
export const PARENT_CHECK_MS = 1_000;
/** Initialising a new database on a slow disk included. */
export const DATABASE_START_MS = 90_000;
/** Stopping the database: a fast shutdown writes one checkpoint. */
export const DATABASE_STOP_MS = 20_000;
/** How long the keeper waits for an answer of PostgreSQL. */
export const DATABASE_ANSWER_MS = 5_000;
/** Between two attempts to bring a database back that died. */
export const DATABASE_RETRY_MS = 1_000;
/** After the supervisor was killed: how long the keeper waits for the other processes to leave the database. */
export const DATABASE_DRAIN_MS = 25_000;
export const DATABASE_DRAIN_STEP_MS = 250;
/** A process that lost its supervisor and does not end by itself is ended after this time. */
export const ORPHAN_SELF_END_MS = 22_000;
/** Several files saved at once restart a process once. */
export const RELOAD_SETTLE_MS = 200;
