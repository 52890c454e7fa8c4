import {
  checkName,
  checkProvider,
  checkServers,
  checkSettings,
  checkSkills,
  type Report,
} from './check-names.ts';
import type { ConfigPath } from './interpolate-env.ts';
import type { AgentConfig, AgentType, Config, StageConfig } from './schema.ts';
import { haveProjectInCommon } from './view-of-project.ts';

function checkRole(
  config: Config,
  name: string,
  types: readonly AgentType[],
  path: ConfigPath,
  report: Report,
): void {
  checkName(name, Object.keys(config.agents), 'an agent', path, report);
  const agent: AgentConfig | undefined = config.agents[name];
  if (agent !== undefined && !types.includes(agent.type)) {
    report(path, `"${name}" of type ${agent.type}`, `an agent of type ${types.join(' or ')}`);
  }
}

export function checkChains(config: Config, report: Report): void {
  for (const [name, chain] of Object.entries(config.chains)) {
    const path = ['chains', name];
    checkSettings(config, chain, path, report);
    for (const [index, stage] of chain.stages.entries()) {
      checkStage(config, stage, [...path, 'stages', index], report);
      checkCondition(stage, chain.stages.slice(0, index), [...path, 'stages', index, 'when'], report);
    }
    for (const [index, rule] of (chain.approval?.rules ?? []).entries()) {
      const at = [...path, 'approval', 'rules', index, 'server'];
      checkName(rule.server, Object.keys(config.mcpServers), 'an MCP server', at, report);
    }
    checkRole(config, chain.chat.agent, ['chat', 'investigation'], [...path, 'chat', 'agent'], report);
    checkServers(config, chain.chat.mcpServers, [...path, 'chat'], report);
    checkRole(
      config,
      chain.executiveSummary.agent,
      ['summary'],
      [...path, 'executiveSummary', 'agent'],
      report,
    );
    checkRole(config, chain.scoring.agent, ['scoring'], [...path, 'scoring', 'agent'], report);
    for (const role of ['chat', 'executiveSummary', 'scoring'] as const) {
      checkProvider(config, chain[role].llmProvider, [...path, role, 'llmProvider'], report);
    }
  }
}

function checkStage(config: Config, stage: StageConfig, path: ConfigPath, report: Report): void {
  checkSettings(config, stage, path, report);
  checkSkills(config, stage, path, report);
  for (const [index, agent] of stage.agents.entries()) {
    const at = [...path, 'agents', index];
    checkRole(config, agent.name, ['investigation', 'action'], [...at, 'name'], report);
    checkSettings(config, agent, at, report);
    checkSkills(config, agent, at, report);
  }
  if (stage.replicas > 1 && stage.agents.length > 1) {
    report(
      [...path, 'replicas'],
      `${stage.replicas} with ${stage.agents.length} agents`,
      'one agent to replicate',
    );
  }
  if (stage.synthesis !== undefined) {
    checkRole(config, stage.synthesis.agent, ['synthesis'], [...path, 'synthesis', 'agent'], report);
    checkProvider(config, stage.synthesis.llmProvider, [...path, 'synthesis', 'llmProvider'], report);
  }
}

/** A condition reads what was found before its stage. */
function checkCondition(
  { when }: StageConfig,
  earlier: readonly StageConfig[],
  path: ConfigPath,
  report: Report,
): void {
  if (when === undefined) return;
  const names = earlier.map((stage) => stage.name);
  if (names.length === 0) report(path, 'a condition on the first stage', 'a condition on an earlier stage');
  else if (when.stage !== undefined)
    checkName(when.stage, names, 'an earlier stage', [...path, 'stage'], report);
  if (!when.matches && !when.notMatches && !when.confidence)
    report(path, 'no condition', 'matches, notMatches or confidence');
}

/** One chain per alert type and project: those of projects that have none in common may handle the same. */
export function checkAlertTypes(config: Config, report: Report): void {
  const owners = new Map<string, string[]>();
  for (const [name, chain] of Object.entries(config.chains)) {
    for (const [index, alertType] of chain.alertTypes.entries()) {
      const others = owners.get(alertType) ?? [];
      const other = others.find((owner) => haveProjectInCommon(config.chains[owner] ?? {}, chain));
      owners.set(alertType, [...others, name]);
      if (other === undefined) continue;
      const found = `"${alertType}", which chain "${other}" already handles`;
      report(['chains', name, 'alertTypes', index], found, 'an alert type of exactly one chain');
    }
  }
}
