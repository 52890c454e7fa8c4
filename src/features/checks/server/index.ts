export { checkOperations } from './rest.ts';
export { checksRouter } from './router.ts';
export { runDueChecks } from './run-due-checks.ts';
