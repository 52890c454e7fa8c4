/** The client side of the Model Context Protocol: tools of servers for executions, their health, and who may call what. */

export { ConnectError } from './classify-error.ts';
export { decideToolPolicy, type PolicyQuestion, type ToolPolicy } from './decide-tool-policy.ts';
export { createGuardedFetch } from './guard-fetch.ts';
export {
  type HealthMonitor,
  type HealthMonitorOptions,
  type ServerHealth,
  startHealthMonitor,
} from './health-monitor.ts';
export { openServerFetch, type ServerTls, tlsOf } from './open-server-fetch.ts';
export { type OpenToolboxOptions, openToolbox, type Toolbox, type ToolCallRequest } from './open-toolbox.ts';
export { IMAGE_TYPES } from './read-image.ts';
export type { McpResource } from './read-resources.ts';
export { type ResolvedToolName, resolveToolName } from './resolve-tool-name.ts';
export { NeedsSignInError, type TokenSource } from './token-source.ts';
export type {
  JsonSchema,
  Masker,
  McpErrorKind,
  McpLogger,
  McpTool,
  ResultImage,
  ToolAnnotations,
  ToolCallOutcome,
  ToolProgress,
} from './types.ts';
