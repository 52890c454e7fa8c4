export { type FinishedSignIn, finishSignIn } from './finish-sign-in.ts';
export { conditionOf, readSignIns } from './read-sign-ins.ts';
export { mcpServerOperations } from './rest.ts';
export { mcpServersRouter } from './router.ts';
export { tokenSourceFor } from './token-source.ts';
