/**
 * The session as everybody outside the run sees it: REST, tRPC, Socket.IO, MCP and the page share these schemas.
 * Times are ISO 8601 UTC strings, ids UUIDv7.
 */
export * from './schema-events.ts';
export * from './schema-requests.ts';
export * from './schema-session.ts';
export * from './schema-statuses.ts';
export * from './schema-timeline.ts';
export * from './schema-trace.ts';
