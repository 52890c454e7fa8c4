export { CHECK_COLUMN, type CheckColumn, sessionCheck } from './check-columns.ts';
export { type CheckTask, readCheckTask } from './read-check-task.ts';
export { type SettledCheck, settleCheckRun } from './settle-check-run.ts';
