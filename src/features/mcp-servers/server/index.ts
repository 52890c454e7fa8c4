export { rightsOf } from './credential.ts';
export { type FinishedSignIn, finishSignIn } from './finish-sign-in.ts';
export { conditionOf, readSignIns } from './read-sign-ins.ts';
export { mcpServerOperations } from './rest.ts';
export { mcpServersRouter } from './router.ts';
export { type ActsFor, tokenSourceFor } from './token-source.ts';
export { watchableServers } from './watchable-servers.ts';
