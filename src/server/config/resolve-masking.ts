import type { Config, CustomPatternConfig, MaskingSelection } from './schema.ts';

/** Options for `createMasker`: built-in groups and patterns by name, and the custom patterns in force. */
export interface ResolvedMasking {
  readonly groups: readonly string[];
  readonly patterns: readonly string[];
  readonly custom: readonly CustomPatternConfig[];
}

function withShared(config: Config, selection: MaskingSelection): ResolvedMasking {
  const shared = Object.entries(config.masking.patterns).map(([name, pattern]) => ({ name, pattern }));
  return {
    groups: selection.groups,
    patterns: selection.patterns.filter((name) => !Object.hasOwn(config.masking.patterns, name)),
    custom: [...selection.custom, ...shared],
  };
}

/** Masking of alerts, chat, runbooks and error texts. The patterns of `masking.patterns` hold everywhere. */
export function resolveAlertMasking(config: Config): ResolvedMasking {
  return withShared(config, config.defaults.masking.alerts);
}

/** Masking of one server's tool arguments, results and errors; an unknown server is masked like an alert. */
export function resolveServerMasking(config: Config, server: string): ResolvedMasking {
  return withShared(config, config.mcpServers[server]?.masking ?? config.defaults.masking.alerts);
}
