/**
 * Keys of PostgreSQL's advisory locks. One database has one space of them, so all of ours stand here: two purposes with
 * the same key would wait for each other, and some of these are held for as long as a process lives.
 */
export const lockKeys = {
  /** Migrations of processes that start together. */
  migration: 7_261_451,
  /** Claims take turns, so that the number of running sessions is exact. */
  claim: 7_261_452,
  /** New problems near a full queue are counted one after the other. */
  queue: 7_261_453,
  /** People who come in for the first time, and people who are let in. */
  signIns: 7_261_454,
  /** Held for good by the one worker that watches the MCP servers. */
  mcpLeader: 7_261_455,
  /** First of two keys, the second is the evaluation's: held by the process that runs it. */
  evaluation: 7_261_456,
  /** First of two keys, the second is the server's: held while its credential is renewed or replaced. */
  mcpCredential: 7_261_457,
  /** Held during a sweep of retention. */
  retention: 7_261_458,
} as const;
