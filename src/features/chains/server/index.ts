export { runSession } from './run-session.ts';
export { CANCEL_CHANNEL, cancelRunning } from './supervise-run.ts';
