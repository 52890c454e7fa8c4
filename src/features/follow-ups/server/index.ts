export { cancelFollowUp } from './cancel-follow-up.ts';
export {
  claimFollowUp,
  findAbandonedFollowUps,
  findPendingFollowUp,
  takeOverFollowUp,
} from './claim-follow-up.ts';
export { createFollowUp } from './create-follow-up.ts';
export { type FollowUpLane, locateFollowUp } from './follow-up.ts';
export { enqueueFollowUp, runFollowUpJob } from './jobs.ts';
export { openExecution } from './open-execution.ts';
export {
  type FollowUpHandler,
  type FollowUpHandlers,
  type FollowUpOutcome,
  type FollowUpRun,
  runFollowUp,
} from './run-follow-up.ts';
export { resumeFollowUp } from './wait-for-decision.ts';
