/** A worker beats every 5 s; without a beat for three of them it is not counted as alive. */
export const WORKER_STALE_MS = 15_000;
/** Dead workers stay on the page this long, so that a person sees what happened. */
export const WORKER_SHOWN_MS = 24 * 60 * 60_000;
export const WORKERS_LIMIT = 100;
export const WARNINGS_LIMIT = 100;
/** A tool's description is a hint on a page, not a manual (characters). */
export const TOOL_DESCRIPTION_MAX_CHARS = 2_000;
/** How often the leader takes up changed servers and writes what it knows. */
export const MCP_WATCH_INTERVAL_MS = 5_000;
