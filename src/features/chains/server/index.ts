export { runSession } from './run-session.ts';
