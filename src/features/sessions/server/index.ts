export { appendEvents, LeaseLostError } from './append-events.ts';
export { CANCEL_CHANNEL, cancelSession } from './cancel-session.ts';
export {
  beatLease,
  type Claim,
  claimNextSession,
  findAbandonedSessions,
  findPendingSession,
  releaseLease,
  takeOverSession,
} from './claim-session.ts';
export { createSession, type NewSession } from './create-session.ts';
export { finishSession, type SessionEnd } from './finish-session.ts';
export { runSessionJob } from './jobs.ts';
export { type Batch, createRecorder, type ItemEnd, type NewItem, type Recorder } from './recorder.ts';
export { sessionOperations } from './rest.ts';
export { REVIEW_COLUMNS, type ReviewColumns, reviewView } from './review-columns.ts';
export { sessionsRouter } from './router.ts';
export {
  type ExecutionRow,
  loadRunRows,
  newExecution,
  newStage,
  type StageRow,
  saveExecution,
  saveStage,
} from './run-rows.ts';
export { LEASE_HEARTBEAT_MS, LEASE_STALE_MS, MAX_RUN_ATTEMPTS } from './tunables.ts';
