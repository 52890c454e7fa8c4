import { checkMasking } from './check-masking.ts';
import { checkProjects } from './check-projects.ts';
import { type PathProblem, suggest } from './explain-issues.ts';
import type { ConfigPath } from './interpolate-env.ts';
import type {
  AgentConfig,
  AgentType,
  Budgets,
  Config,
  LlmProviderConfig,
  McpServerSelection,
  McpTransportConfig,
  Promotion,
  StageConfig,
  SubAgentConfig,
} from './schema.ts';
import { haveProjectInCommon } from './view-of-project.ts';

/** Settings that name other entries and may stand on agents, chains, stages and stages' agents. */
interface NamingSettings {
  readonly llmProvider?: string | undefined;
  readonly fallbackProviders?: readonly string[] | undefined;
  readonly mcpServers?: readonly McpServerSelection[] | undefined;
  readonly subAgents?: readonly SubAgentConfig[] | undefined;
}

/** Tools of this name are never asked for: they are the product's own. */
const OWN_TOOLS = 'tars';

type Report = (path: ConfigPath, found: string, expected: string) => void;

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

function checkName(
  name: string,
  known: readonly string[],
  what: string,
  path: ConfigPath,
  report: Report,
): void {
  if (!known.includes(name)) report(path, JSON.stringify(name), suggest(name, known, `${what} that exists`));
}

function checkProvider(config: Config, name: string | undefined, path: ConfigPath, report: Report): void {
  if (name !== undefined) checkName(name, Object.keys(config.llmProviders), 'a provider', path, report);
}

function checkServers(
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

function checkSettings(config: Config, settings: NamingSettings, path: ConfigPath, report: Report): void {
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

function checkSkills(
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

function checkConnections(config: Config, report: Report): void {
  for (const [name, provider] of Object.entries(config.llmProviders)) {
    if (provider.type === 'openai-compatible' && provider.baseUrl === undefined) {
      report(['llmProviders', name, 'baseUrl'], 'nothing', 'the address of the openai-compatible server');
    }
    checkPromotions(provider, ['llmProviders', name, 'promotions'], report);
    if (provider.maxOutputTokens >= provider.contextTokens) {
      const expected = `fewer than contextTokens (${provider.contextTokens})`;
      report(['llmProviders', name, 'maxOutputTokens'], String(provider.maxOutputTokens), expected);
    }
  }
  checkEmbedding(config, report);
  for (const [name, server] of Object.entries(config.mcpServers)) {
    const path = ['mcpServers', name, 'summarization', 'llmProvider'];
    checkProvider(config, server.summarization?.llmProvider, path, report);
    checkSignIn(server.transport, ['mcpServers', name, 'transport'], report);
    if (name === OWN_TOOLS) report(['mcpServers', name], 'the name of the own tools of TARS', 'another name');
  }
}

/** At any time one price holds. */
function checkPromotions({ promotions = [] }: LlmProviderConfig, path: ConfigPath, report: Report): void {
  const spanOf = ({ from, until }: Promotion) => `from ${from} until ${until}`;
  for (const [index, promotion] of promotions.entries()) {
    if (promotion.from >= promotion.until)
      report([...path, index, 'until'], promotion.until, `a time after from (${promotion.from})`);
    const other = promotions
      .slice(0, index)
      .findIndex(({ from, until }) => from < promotion.until && promotion.from < until);
    const earlier = promotions[other];
    if (earlier === undefined) continue;
    const found = `${spanOf(promotion)}, while promotions[${other}] holds ${spanOf(earlier)}`;
    report([...path, index], found, 'promotions that do not overlap');
  }
}

function checkSignIn(transport: McpTransportConfig, path: ConfigPath, report: Report): void {
  if (transport.type === 'stdio' || !transport.auth) return;
  const { grant, clientId, clientSecret, perUser } = transport.auth;
  const at = [...path, 'auth'];
  if (grant === 'client_credentials') {
    if (perUser)
      report([...at, 'perUser'], 'true', 'no perUser: with client_credentials it is TARS that signs in');
    if (clientId === undefined)
      report(
        [...at, 'clientId'],
        'nothing',
        'the id of the client: client_credentials needs clientId and clientSecret',
      );
    if (clientSecret === undefined)
      report(
        [...at, 'clientSecret'],
        'nothing',
        'the secret: client_credentials needs clientId and clientSecret',
      );
  } else if (clientSecret !== undefined && clientId === undefined) {
    report([...at, 'clientId'], 'nothing', 'the id of the client that clientSecret belongs to');
  }
  const header = Object.keys(transport.headers).find((name) => name.toLowerCase() === 'authorization');
  if (header !== undefined)
    report([...path, 'headers', header], 'a header beside auth', 'either auth or an Authorization header');
  if (transport.url.includes('{{'))
    report([...path, 'url'], 'a placeholder', 'one address for everybody, since a sign-in belongs to one');
}

/** Types whose SDK has models for embeddings. */
const EMBEDDING_TYPES: readonly string[] = ['openai', 'google', 'vertex', 'openai-compatible'];

function checkEmbedding(config: Config, report: Report): void {
  const name = config.memory.embedding?.provider;
  const path = ['memory', 'embedding', 'provider'];
  checkProvider(config, name, path, report);
  const type = name === undefined ? undefined : config.llmProviders[name]?.type;
  if (type === undefined || EMBEDDING_TYPES.includes(type)) return;
  report(path, `${JSON.stringify(name)} of type ${type}`, `a provider of type ${EMBEDDING_TYPES.join(', ')}`);
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

function checkChains(config: Config, report: Report): void {
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
function checkAlertTypes(config: Config, report: Report): void {
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
