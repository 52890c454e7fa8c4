import { suggest } from './explain-issues.ts';
import type { ConfigPath } from './interpolate-env.ts';
import type { Config, McpServerSelection, SubAgentConfig } from './schema.ts';

/** Settings that name other entries and may stand on agents, chains, stages and stages' agents. */
interface NamingSettings {
  readonly llmProvider?: string | undefined;
  readonly fallbackProviders?: readonly string[] | undefined;
  readonly mcpServers?: readonly McpServerSelection[] | undefined;
  readonly subAgents?: readonly SubAgentConfig[] | undefined;
}

export type Report = (path: ConfigPath, found: string, expected: string) => void;

/** What one entry calls another by must be the name of something that exists. */
export function checkName(
  name: string,
  known: readonly string[],
  what: string,
  path: ConfigPath,
  report: Report,
): void {
  if (!known.includes(name)) report(path, JSON.stringify(name), suggest(name, known, `${what} that exists`));
}

export function checkProvider(
  config: Config,
  name: string | undefined,
  path: ConfigPath,
  report: Report,
): void {
  if (name !== undefined) checkName(name, Object.keys(config.llmProviders), 'a provider', path, report);
}

export function checkServers(
  config: Config,
  servers: readonly McpServerSelection[] | undefined,
  path: ConfigPath,
  report: Report,
): void {
  const known = Object.keys(config.mcpServers);
  for (const [index, server] of (servers ?? []).entries()) {
    checkName(server.name, known, 'an MCP server', [...path, 'mcpServers', index, 'name'], report);
  }
}

export function checkSettings(
  config: Config,
  settings: NamingSettings,
  path: ConfigPath,
  report: Report,
): void {
  checkProvider(config, settings.llmProvider, [...path, 'llmProvider'], report);
  for (const [index, name] of (settings.fallbackProviders ?? []).entries()) {
    checkProvider(config, name, [...path, 'fallbackProviders', index], report);
  }
  checkServers(config, settings.mcpServers, path, report);
  for (const [index, subAgent] of (settings.subAgents ?? []).entries()) {
    const at = [...path, 'subAgents', index];
    checkName(subAgent.name, Object.keys(config.agents), 'an agent', [...at, 'name'], report);
    const agent = config.agents[subAgent.name];
    if (agent !== undefined && !agent.description?.trim()) {
      report(
        [...at, 'name'],
        `"${subAgent.name}", which has no description`,
        'a sub-agent with a description',
      );
    }
    checkProvider(config, subAgent.llmProvider, [...at, 'llmProvider'], report);
    checkServers(config, subAgent.mcpServers, at, report);
  }
}

export function checkSkills(
  config: Config,
  named: {
    readonly skills?: readonly string[] | undefined;
    readonly requiredSkills?: readonly string[] | undefined;
  },
  path: ConfigPath,
  report: Report,
): void {
  const known = Object.keys(config.skills ?? {});
  for (const key of ['skills', 'requiredSkills'] as const) {
    for (const [index, name] of (named[key] ?? []).entries())
      checkName(name, known, 'a skill below skills/', [...path, key, index], report);
  }
}
