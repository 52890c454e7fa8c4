import type { PathProblem } from './explain-issues.ts';
import type { ConfigPath } from './interpolate-env.ts';
import type { ChainConfig, Config, McpServerSelection, SubAgentConfig } from './schema.ts';
import { isOpenTo, isOpenToAllOf } from './view-of-project.ts';

/** Settings of one level, and where they stand. */
type Level = {
  path: ConfigPath;
  settings:
    | {
        readonly mcpServers?: readonly McpServerSelection[] | undefined;
        readonly subAgents?: readonly SubAgentConfig[] | undefined;
      }
    | undefined;
};
type Named = { server: string; path: ConfigPath };

/**
 * What belongs to some projects only: no chain uses a server that one of its own projects may not use, and the chain for
 * whatever no other names is there for everybody. Servers that nobody names are not used by name: each run gets those that its
 * project may use.
 */
export function checkProjects(config: Config): PathProblem[] {
  const problems: PathProblem[] = [];
  const fallback = config.chains[config.defaults.chain];
  if (fallback?.projects) {
    problems.push({
      path: ['defaults', 'chain'],
      found: `"${config.defaults.chain}", a chain of ${fallback.projects.join(', ')} only`,
      expected: 'a chain without projects, since alerts of every project may come to it',
    });
  }
  for (const [name, chain] of Object.entries(config.chains)) {
    for (const { server, path } of namedServers(config, name, chain)) {
      const used = config.mcpServers[server];
      if (!used || isOpenToAllOf(used, chain)) continue;
      problems.push({
        path,
        found: `"${server}", a server of ${used.projects?.join(', ')} only, for chain "${name}" of ${chain.projects?.join(', ') ?? 'all projects'}`,
        expected: 'a server that every project of the chain may use',
      });
    }
  }
  return unique([...problems, ...checkChecks(config)]);
}

/** A check names its project, so what it uses has to be open to that one. */
function checkChecks(config: Config): PathProblem[] {
  return Object.entries(config.checks).flatMap(([name, { project, chain, mcp }]) => {
    const used = [
      { entry: config.chains[chain ?? ''], what: chain, path: ['checks', name, 'chain'] },
      ...(mcp?.servers ?? []).map((server, index) => ({
        entry: config.mcpServers[server.name],
        what: server.name,
        path: ['checks', name, 'mcp', 'servers', index, 'name'],
      })),
    ];
    return used.flatMap(({ entry, what, path }) =>
      entry && !isOpenTo(entry, project)
        ? [
            {
              path,
              found: `"${what}" of ${entry.projects?.join(', ')} only, for a check of ${project}`,
              expected: `what project ${project} may use`,
            },
          ]
        : [],
    );
  });
}

/** Every place where a server that a run of the chain would use is named. As in `resolveExecution`: the strongest level counts. */
function namedServers(config: Config, name: string, chain: ChainConfig): Named[] {
  const chainLevel: Level = { path: ['chains', name], settings: chain };
  const agentLevel = (agent: string): Level => ({ path: ['agents', agent], settings: config.agents[agent] });
  const ofSubAgents = (levels: readonly Level[]): Named[] => {
    const level = strongest(levels, 'subAgents');
    return (level?.settings?.subAgents ?? []).flatMap((subAgent, index) =>
      serversOf([
        agentLevel(subAgent.name),
        chainLevel,
        { path: [...(level?.path ?? []), 'subAgents', index], settings: subAgent },
      ]),
    );
  };
  const inStages = chain.stages.flatMap((stage, stageIndex) => {
    const path = [...chainLevel.path, 'stages', stageIndex];
    return stage.agents.flatMap((agent, index) => {
      const levels = [
        agentLevel(agent.name),
        chainLevel,
        { path, settings: stage },
        { path: [...path, 'agents', index], settings: agent },
      ];
      return [...serversOf(levels), ...ofSubAgents(levels)];
    });
  });
  const chat: Level = { path: [...chainLevel.path, 'chat'], settings: chain.chat };
  const inChat = chain.chat.enabled ? serversOf([chainLevel, agentLevel(chain.chat.agent), chat]) : [];
  const inRules = (chain.approval?.rules ?? []).map(({ server }, index) => ({
    server,
    path: [...chainLevel.path, 'approval', 'rules', index, 'server'],
  }));
  return [...inStages, ...inChat, ...inRules];
}

const strongest = (levels: readonly Level[], key: 'mcpServers' | 'subAgents'): Level | undefined =>
  levels.findLast(({ settings }) => settings?.[key] !== undefined);

function serversOf(levels: readonly Level[]): Named[] {
  const level = strongest(levels, 'mcpServers');
  return (level?.settings?.mcpServers ?? []).map(({ name }, index) => ({
    server: name,
    path: [...(level?.path ?? []), 'mcpServers', index, 'name'],
  }));
}

/** A level that several agents share is told once. */
function unique(problems: readonly PathProblem[]): PathProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
