export { checkRunbook, isUsableRunbook } from './check-runbook.ts';
export { loadRunbook } from './load-runbook.ts';
export { runbookOperations } from './rest.ts';
export { runbooksRouter } from './router.ts';
