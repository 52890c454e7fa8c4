export { readMcpServers } from './read-mcp-servers.ts';
export { systemOperations } from './rest.ts';
export { systemRouter } from './router.ts';
export { watchMcpServers } from './watch-mcp-servers.ts';
export {
  beatWorkerHost,
  findDeadQueueWorkers,
  readWorkerMetrics,
  removeWorkerHost,
  reportWorkerMetrics,
  type WorkerHost,
} from './worker-hosts.ts';
