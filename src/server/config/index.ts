/** The public surface of the configuration. */
export type { Environment } from './builtins.ts';
export { ConfigError, type ConfigIssue } from './config-error.ts';
export { destinationPath, listDestinations, missingSetting } from './destinations.ts';
export { type LoadConfigOptions, type LoadedConfig, loadConfig } from './load-config.ts';
export { type RedactOptions, redactConfig } from './redact-config.ts';
export {
  type ExecutionSource,
  type ResolvedExecution,
  resolveBudgets,
  resolveExecution,
  resolveSuccessPolicy,
  resolveSupportExecution,
  type SupportRole,
  serversOfChain,
} from './resolve-execution.ts';
export { type ResolvedMasking, resolveAlertMasking, resolveServerMasking } from './resolve-masking.ts';
export * from './schema.ts';
export { chainForAlertType, type SelectedChain } from './select-chain.ts';
export { type ChainSnapshot, snapshotChain } from './snapshot-chain.ts';
export { MAX_TOOL_TIMEOUT_MS } from './tunables.ts';
export { isServerOfOthers, viewOfProject } from './view-of-project.ts';
export { type ConfigWatcher, type WatchConfigOptions, watchConfig } from './watch-config.ts';
export { writeDurations } from './write-durations.ts';
