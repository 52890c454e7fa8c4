export { systemRouter } from './router.ts';
export { watchMcpServers } from './watch-mcp-servers.ts';
export { beatWorkerHost, findDeadQueueWorkers, removeWorkerHost, type WorkerHost } from './worker-hosts.ts';
