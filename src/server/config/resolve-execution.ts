import { type NativeToolChoice, type NativeToolWishes, resolveNativeTools } from '#src/lib/native-tools.ts';
import type {
  AgentConfig,
  AgentType,
  Budgets,
  ChainConfig,
  DefaultsConfig,
  McpServerSelection,
  OnIterationLimit,
  StageAgentConfig,
  StageConfig,
  SubAgentConfig,
  SubAgentLimits,
  SuccessPolicy,
  Timeouts,
} from './schema.ts';

import { subAgentLimitsSchema } from './schema-settings.ts';

/** What resolution needs: a `Config`, or the `ChainSnapshot` of a session. */
export interface ExecutionSource {
  readonly defaults: DefaultsConfig;
  readonly agents: Readonly<Record<string, AgentConfig>>;
  /** Entries by name, or the names alone. */
  readonly mcpServers: Readonly<Record<string, unknown>> | readonly string[];
}

/** The effective settings of one execution. Names only: providers and servers are looked up where they are used. */
export interface ResolvedExecution {
  readonly agent: string;
  readonly type: AgentType;
  readonly description: string | null;
  readonly instructions: string | null;
  readonly llmProvider: string;
  /** In order of use, without the provider itself and without repeats. */
  readonly fallbackProviders: readonly string[];
  readonly maxIterations: number;
  readonly onIterationLimit: OnIterationLimit;
  /** Servers in order; `tools` absent means all of the server's tools. */
  readonly mcpServers: readonly McpServerSelection[];
  readonly subAgents: readonly SubAgentConfig[];
  readonly subAgentLimits: SubAgentLimits;
  readonly askPeople: boolean;
  /** Skills on offer; null means all. */
  readonly skills: readonly string[] | null;
  readonly requiredSkills: readonly string[];
  /** Tools that the provider shall run itself, as far as it has them. */
  readonly nativeTools: NativeToolChoice;
  readonly timeouts: Timeouts;
}

export interface ResolveExecutionOptions {
  readonly config: ExecutionSource;
  readonly chain: ChainConfig;
  /** Absent for roles outside a configured stage (chat, summary, scoring). */
  readonly stage?: StageConfig;
  /** The stage's agent, or any other reference to an agent with overrides (a sub-agent, the chat's settings). */
  readonly stageAgent: StageAgentConfig;
  /** The alert's own selection of servers; replaces every configured one. */
  readonly alertMcp?: readonly McpServerSelection[] | null;
  /** The alert's own word on native tools; stronger than every level. */
  readonly alertNativeTools?: NativeToolWishes | null | undefined;
}

/** The value of the strongest level that says something. */
function strongest<T>(levels: readonly (T | undefined)[]): T | undefined {
  return levels.findLast((value) => value !== undefined);
}

/** The names of all levels, each once. */
function addUp(levels: readonly (readonly string[] | undefined)[]): string[] {
  return [...new Set(levels.flatMap((names) => names ?? []))];
}

/** Null: all. Who is given no tools has none to load a skill with. */
function offeredSkills(
  agent: AgentConfig,
  added: readonly ({ readonly skills?: readonly string[] | undefined } | undefined)[],
): string[] | null {
  if (!usesTools(agent.type)) return [];
  return agent.skills === undefined ? null : addUp([agent.skills, ...added.map((level) => level?.skills)]);
}

function serverNames(source: ExecutionSource): readonly string[] {
  const { mcpServers } = source;
  return isNameList(mcpServers) ? mcpServers : Object.keys(mcpServers);
}

function isNameList(servers: ExecutionSource['mcpServers']): servers is readonly string[] {
  return Array.isArray(servers);
}

/** Single-shot roles read what others found; they are given no tools. */
function usesTools(type: AgentType): boolean {
  return type === 'investigation' || type === 'action' || type === 'chat';
}

/**
 * Settings of one execution, weakest first: built-in, `defaults`, agent, chain, stage, the stage's agent; then the
 * alert's `mcp`. An agent whose servers are named at no level may use every configured server (an empty list: none).
 * Throws an Error when the agent is unknown, which a validated configuration rules out.
 */
export function resolveExecution(options: ResolveExecutionOptions): ResolvedExecution {
  const { config, chain, stage, stageAgent, alertMcp, alertNativeTools } = options;
  const agent = config.agents[stageAgent.name];
  if (agent === undefined) throw new Error(`Unknown agent "${stageAgent.name}"`);
  const { defaults } = config;
  const levels = [agent, chain, stage, stageAgent];
  const llmProvider = strongest([defaults.llmProvider, ...levels.map((level) => level?.llmProvider)]);
  const fallbacks = strongest([
    defaults.fallbackProviders,
    ...levels.map((level) => level?.fallbackProviders),
  ]);
  const configured = strongest(levels.map((level) => level?.mcpServers));
  const everyServer = serverNames(config).map((name): McpServerSelection => ({ name }));
  const provider = llmProvider ?? defaults.llmProvider;
  return {
    agent: stageAgent.name,
    type: agent.type,
    description: agent.description ?? null,
    instructions: agent.instructions ?? null,
    llmProvider: provider,
    fallbackProviders: [...new Set(fallbacks ?? [])].filter((name) => name !== provider),
    maxIterations:
      strongest([defaults.maxIterations, ...levels.map((level) => level?.maxIterations)]) ??
      defaults.maxIterations,
    // Who answers once has nothing to go on with.
    onIterationLimit: usesTools(agent.type)
      ? (strongest([defaults.onIterationLimit, ...levels.map((level) => level?.onIterationLimit)]) ??
        'conclude')
      : 'conclude',
    mcpServers: usesTools(agent.type) ? (alertMcp ?? configured ?? everyServer) : [],
    subAgents: strongest(levels.map((level) => level?.subAgents)) ?? [],
    subAgentLimits: Object.assign(
      subAgentLimitsSchema.parse({}),
      defaults.subAgentLimits,
      ...levels.map((level) => level?.subAgentLimits),
    ),
    askPeople: strongest([defaults.askPeople, ...levels.map((level) => level?.askPeople)]) ?? true,
    skills: offeredSkills(agent, [stage, stageAgent]),
    requiredSkills: addUp([
      agent.requiredSkills,
      ...[stage, stageAgent].map((level) => level?.requiredSkills),
    ]),
    nativeTools: resolveNativeTools(
      usesTools(agent.type) ? [...levels.map((level) => level?.nativeTools), alertNativeTools] : [],
    ),
    timeouts: defaults.timeouts,
  };
}

export type SupportRole = 'synthesis' | 'summary' | 'chat' | 'scoring';

export interface ResolveSupportOptions {
  readonly config: ExecutionSource;
  readonly chain: ChainConfig;
  readonly role: SupportRole;
  /** The stage whose answers are combined; only for `synthesis`. */
  readonly stage?: StageConfig;
  readonly alertMcp?: readonly McpServerSelection[] | null;
  readonly alertNativeTools?: NativeToolWishes | null | undefined;
}

/** The agent that combines, summarises, chats or judges, with the overrides of its block in the chain. */
export function resolveSupportExecution(options: ResolveSupportOptions): ResolvedExecution {
  const { config, chain, role, stage, alertMcp, alertNativeTools } = options;
  const { name, llmProvider, ...rest } = supportAgent(chain, role, stage);
  const stageAgent: StageAgentConfig = {
    name,
    ...rest,
    ...(llmProvider === undefined ? {} : { llmProvider }),
  };
  if (role === 'chat' && stageAgent.mcpServers === undefined) {
    stageAgent.mcpServers =
      config.agents[name]?.mcpServers ?? chain.mcpServers ?? serversOfChain(config, chain);
  }
  return resolveExecution({
    config,
    chain,
    stageAgent,
    alertNativeTools,
    ...(alertMcp === undefined ? {} : { alertMcp }),
  });
}

function supportAgent(
  chain: ChainConfig,
  role: SupportRole,
  stage: StageConfig | undefined,
): StageAgentConfig {
  switch (role) {
    case 'synthesis':
      return { name: stage?.synthesis?.agent ?? 'synthesis', llmProvider: stage?.synthesis?.llmProvider };
    case 'summary':
      return { name: chain.executiveSummary.agent, llmProvider: chain.executiveSummary.llmProvider };
    case 'scoring':
      return { name: chain.scoring.agent, llmProvider: chain.scoring.llmProvider };
    case 'chat': {
      const { agent, llmProvider, maxIterations, onIterationLimit, mcpServers } = chain.chat;
      return { name: agent, llmProvider, maxIterations, onIterationLimit, mcpServers };
    }
  }
}

/** Everything that the chain's stages may use together; a server that one agent may use whole is not narrowed. */
export function serversOfChain(config: ExecutionSource, chain: ChainConfig): McpServerSelection[] {
  const tools = new Map<string, Set<string> | null>();
  for (const stage of chain.stages) {
    for (const stageAgent of stage.agents) {
      for (const server of resolveExecution({ config, chain, stage, stageAgent }).mcpServers) {
        const known = tools.get(server.name);
        if (server.tools === undefined || known === null) tools.set(server.name, null);
        else tools.set(server.name, new Set([...(known ?? []), ...server.tools]));
      }
    }
  }
  return [...tools].map(([name, only]) => (only === null ? { name } : { name, tools: [...only] }));
}

/** Limits of a session: the chain's where it sets one, else the defaults'. An absent limit is none. */
export function resolveBudgets(config: Pick<ExecutionSource, 'defaults'>, chain: ChainConfig): Budgets {
  return { ...config.defaults.budgets, ...chain.budgets };
}

export function resolveSuccessPolicy(
  config: Pick<ExecutionSource, 'defaults'>,
  chain: ChainConfig,
  stage: StageConfig,
): SuccessPolicy {
  return stage.successPolicy ?? chain.successPolicy ?? config.defaults.successPolicy;
}
