export { reviewOperations } from './rest.ts';
export { reviewsRouter } from './router.ts';
