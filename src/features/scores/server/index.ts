export { scoreOperations } from './rest.ts';
export { scoresRouter } from './router.ts';
export { runScoring } from './run-scoring.ts';
export { scheduleScoring } from './schedule-scoring.ts';
