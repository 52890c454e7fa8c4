export { usageOperations } from './rest.ts';
export { usageRouter } from './router.ts';
