import type { Config } from '#src/server/config/index.ts';

export type SummaryPlan = {
  /** Results above it are summarised. */
  thresholdTokens: number;
  maxTokens: number;
  /** Who may write it, in the order in which they are tried; never empty. */
  providers: string[];
};

/**
 * Whether and by whom the long results of a server are summarised for an execution that runs with this provider; null when
 * not. The offline analyst reads tables and logs by rule: a text about them is of no use to it, and it writes none.
 */
export function planSummary(options: {
  config: Pick<Config, 'mcpServers' | 'llmProviders' | 'defaults'>;
  server: string;
  /** The execution's own at this time, and what it falls back to. */
  provider: string;
  fallbackProviders: readonly string[];
}): SummaryPlan | null {
  const { config, server, provider, fallbackProviders } = options;
  const settings = Object.hasOwn(config.mcpServers, server)
    ? config.mcpServers[server]?.summarization
    : undefined;
  if (!settings?.enabled) return null;
  const typeOf = (name: string) => config.llmProviders[name]?.type;
  if (typeOf(provider) === 'offline') return null;
  const first = settings.llmProvider ?? config.defaults.summarization.llmProvider ?? provider;
  if (typeOf(first) === 'offline') return null;
  const providers = [...new Set([first, provider, ...fallbackProviders])].filter((name) => {
    const type = typeOf(name);
    return type !== undefined && type !== 'offline';
  });
  if (providers.length === 0) return null;
  return { thresholdTokens: settings.thresholdTokens, maxTokens: settings.maxTokens, providers };
}
