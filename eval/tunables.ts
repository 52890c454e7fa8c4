/** A pattern longer than this is a mistake, in characters. */
export const PATTERN_MAX_CHARS = 500;
/** The simulated cluster lives through this much before its present; nothing can have happened earlier. */
export const MAX_CHANGE_AGE_MS = 45 * 60_000;
/** Attempts of one scenario; more tells nothing new and costs. */
export const MAX_RUNS = 50;
/** Attempts side by side in one process: each has a cluster, an MCP server and a conversation of its own. */
export const MAX_CONCURRENCY = 16;
/** One attempt may not take longer, whatever the configuration allows a session. */
export const ATTEMPT_LIMIT_MS = 15 * 60_000;
/** Characters of a quoted pattern or argument in a failure. */
export const QUOTE_MAX_CHARS = 160;
/** Answers of the scenario's examples are short; a real one is longer. */
export const EXAMPLE_MAX_CHARS = 4_000;
/** Times that an attempt is taken up again, or tried to. More means that the model does not take no, or no database is there. */
export const MAX_ROUNDS = 20;
/** A run that was cut off can be taken up when its lease is stale, after 15 s; with MAX_ROUNDS this waits for longer. */
export const RESUME_PAUSE_MS = 2_000;
/** Starting a simulated cluster takes a second; a machine with other things to do gets a minute. */
export const CLUSTER_START_LIMIT_MS = 60_000;
/** What a killed evaluation left in the directory for temporary files goes with the first start after this long. */
export const SCRATCH_KEPT_MS = 24 * 60 * 60_000;
