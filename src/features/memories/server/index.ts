export { adjustForRating } from './adjust-for-rating.ts';
export { createMemoryTools } from './memory-tools.ts';
export { createRecall } from './recall-for-run.ts';
export { memoryOperations } from './rest.ts';
export { memoriesRouter } from './router.ts';
export { runReflection } from './run-reflection.ts';
export { scheduleReflection } from './schedule-reflection.ts';
