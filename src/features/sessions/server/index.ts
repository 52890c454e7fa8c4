export { appendEvents, LeaseLostError } from './append-events.ts';
export { CANCEL_CHANNEL, cancelSession } from './cancel-session.ts';
export { describeCancellation, readCancellations } from './cancellation.ts';
export {
  beatLease,
  type Claim,
  claimNextSession,
  findAbandonedSessions,
  findPendingSession,
  releaseLease,
  takeOverSession,
} from './claim-session.ts';
export { closeExecution, emitPendingApprovals } from './close-execution.ts';
export { closeOpenItems } from './close-open-items.ts';
export { closeRun, type EndStatus } from './close-run.ts';
export { createSession, type NewSession } from './create-session.ts';
export { announceDecision, nextDecision } from './decision-signal.ts';
export { findDecidedExecutions, hasDecidedCall } from './find-decided.ts';
export { finishSession, type SessionEnd } from './finish-session.ts';
export { indexTimeline } from './index-timeline.ts';
export { runSessionJob } from './jobs.ts';
export { epochColumns, type Lane } from './lanes.ts';
export { parkSession } from './park-session.ts';
export { listSessions } from './read/list-sessions.ts';
export { decodeCursor, encodeCursor } from './read/page-cursor.ts';
export { parseSearch } from './read/parse-search.ts';
export { readPendingApprovals } from './read/pending-approvals.ts';
export { requireSession } from './read/read-session.ts';
export { costView } from './read/show-costs.ts';
export { imageUrl, outputUrl } from './read/trace-tool-call.ts';
export { createRecorder, type Recorder } from './recorder.ts';
export { sessionOperations } from './rest.ts';
export { REVIEW_COLUMNS, type ReviewColumns, reviewView } from './review-columns.ts';
export { sessionsRouter } from './router.ts';
export {
  type ExecutionRow,
  loadRunRows,
  loadSubExecutions,
  markChanged,
  newExecution,
  newStage,
  replaceProvider,
  type StageRow,
  saveExecution,
  saveStage,
} from './run-rows.ts';
export { type StopEnd, settleStop } from './settle-stop.ts';
export { cancelRunning, StopError, type SupervisedRun, superviseLease } from './supervise-lease.ts';
export { cancelTarget, sourcesOf } from './transitions.ts';
export { LEASE_HEARTBEAT_MS, LEASE_STALE_MS, MAX_RUN_ATTEMPTS } from './tunables.ts';
export { DECISION_CHANNEL, wakeRun } from './wake-run.ts';
export { type Batch, type ItemEnd, type NewItem, writeBatch } from './write-batch.ts';
