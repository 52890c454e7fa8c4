export { loadEvidenceTargets, loadRunSession } from './load-run-session.ts';
export { runSession } from './run-session.ts';
