import { checkAlertTypes, checkChains } from './check-chains.ts';
import { checkConnections } from './check-connections.ts';
import { checkMasking } from './check-masking.ts';
import { checkName, checkProvider, checkSettings, checkSkills, type Report } from './check-names.ts';
import { checkProjects } from './check-projects.ts';
import type { PathProblem } from './explain-issues.ts';
import type { ConfigPath } from './interpolate-env.ts';
import type { Budgets, Config } from './schema.ts';

/**
 * Rules that span entries: names that must exist, one chain per alert type, sub-agents with descriptions and without
 * cycles, usable masking. Pure; the shape has been validated before.
 */
export function checkReferences(config: Config): PathProblem[] {
  const problems: PathProblem[] = [];
  const report: Report = (path, found, expected) => problems.push({ path, found, expected });
  checkProvider(config, config.defaults.llmProvider, ['defaults', 'llmProvider'], report);
  const { llmProvider: summariser } = config.defaults.summarization;
  checkProvider(config, summariser, ['defaults', 'summarization', 'llmProvider'], report);
  checkSettings(config, { fallbackProviders: config.defaults.fallbackProviders }, ['defaults'], report);
  checkName(config.defaults.chain, Object.keys(config.chains), 'a chain', ['defaults', 'chain'], report);
  checkConnections(config, report);
  for (const [name, agent] of Object.entries(config.agents)) {
    checkSettings(config, agent, ['agents', name], report);
    checkSkills(config, agent, ['agents', name], report);
  }
  checkSubAgentCycles(config, report);
  checkChains(config, report);
  checkAlertTypes(config, report);
  checkChecks(config, report);
  checkMasking(config, report);
  checkNotifications(config, report);
  checkCosts(config, report);
  return [...problems, ...checkProjects(config)];
}

/** Messages know their destination by its name. */
function checkNotifications({ notifications }: Config, report: Report): void {
  const { slack, destinations } = notifications;
  if (slack && destinations.slack)
    report(['notifications', 'destinations', 'slack'], 'the name of notifications.slack', 'another name');
}

/** A limit in money would be spoken of wherever it is near. */
function checkCosts({ costs, defaults, chains }: Config, report: Report): void {
  if (costs.enabled) return;
  const expected = 'a limit in tokens or time, since costs.enabled is false';
  const places: [ConfigPath, Budgets | undefined][] = [
    [['defaults', 'budgets', 'costUsd'], defaults.budgets],
    ...Object.entries(chains).map(([name, { budgets }]): [ConfigPath, Budgets | undefined] => [
      ['chains', name, 'budgets', 'costUsd'],
      budgets,
    ]),
  ];
  for (const [path, budgets] of places)
    if (budgets?.costUsd !== undefined) report(path, `${budgets.costUsd} US dollars`, expected);
}

function checkSubAgentCycles(config: Config, report: Report): void {
  const finished = new Set<string>();
  const visit = (name: string, trail: readonly string[]): void => {
    if (finished.has(name)) return;
    for (const [index, subAgent] of (config.agents[name]?.subAgents ?? []).entries()) {
      const chain = [...trail, name];
      if (chain.includes(subAgent.name)) {
        const cycle = [...chain.slice(chain.indexOf(subAgent.name)), subAgent.name].join(' → ');
        report(
          ['agents', name, 'subAgents', index, 'name'],
          `the cycle ${cycle}`,
          'sub-agents without a cycle',
        );
      } else visit(subAgent.name, chain);
    }
    finished.add(name);
  };
  for (const name of Object.keys(config.agents)) visit(name, []);
}

/** A schedule has nobody who would see the refusal of an alert: what a check names must be there at the start. */
function checkChecks(config: Config, report: Report): void {
  for (const [name, { chain, mcp }] of Object.entries(config.checks)) {
    const path = ['checks', name];
    if (chain !== undefined)
      checkName(chain, Object.keys(config.chains), 'a chain', [...path, 'chain'], report);
    for (const [index, server] of (mcp?.servers ?? []).entries())
      checkName(
        server.name,
        Object.keys(config.mcpServers),
        'an MCP server',
        [...path, 'mcp', 'servers', index, 'name'],
        report,
      );
  }
}
