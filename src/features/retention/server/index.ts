export { countDue } from './count-due.ts';
export { readRemovedTotals, readRetention } from './read-state.ts';
export { runSweep } from './run-sweep.ts';
export { watchRetention } from './watch-retention.ts';
