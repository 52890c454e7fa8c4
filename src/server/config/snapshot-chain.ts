import type { AgentConfig, ChainConfig, Config, DefaultsConfig } from './schema.ts';

/**
 * What a session keeps of the configuration when it is created, so that a later edit changes no running or finished
 * session. JSON-serialisable. Servers and providers are referenced by name only: their addresses and keys may rotate,
 * and no secret of theirs is stored.
 */
export interface ChainSnapshot {
  readonly version: 1;
  readonly name: string;
  readonly chain: ChainConfig;
  readonly defaults: DefaultsConfig;
  /** The agents that the chain can reach, sub-agents included. */
  readonly agents: Readonly<Record<string, AgentConfig>>;
  /** Names of every configured server at that time. */
  readonly mcpServers: readonly string[];
  /** Names of every configured provider at that time. */
  readonly llmProviders: readonly string[];
}

/** Throws an Error when the chain is unknown. */
export function snapshotChain(config: Config, chainName: string): ChainSnapshot {
  const chain = config.chains[chainName];
  if (chain === undefined) throw new Error(`Unknown chain "${chainName}"`);
  return structuredClone({
    version: 1,
    name: chainName,
    chain,
    defaults: config.defaults,
    agents: reachableAgents(config, chain),
    mcpServers: Object.keys(config.mcpServers),
    llmProviders: Object.keys(config.llmProviders),
  });
}

function reachableAgents(config: Config, chain: ChainConfig): Record<string, AgentConfig> {
  const reached: Record<string, AgentConfig> = {};
  const queue = [
    chain.chat.agent,
    chain.executiveSummary.agent,
    chain.scoring.agent,
    'synthesis',
    ...namesOf(chain.subAgents),
    ...chain.stages.flatMap((stage) => [
      ...namesOf(stage.agents),
      ...namesOf(stage.subAgents),
      ...stage.agents.flatMap((agent) => namesOf(agent.subAgents)),
      ...(stage.synthesis === undefined ? [] : [stage.synthesis.agent]),
    ]),
  ];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const agent = config.agents[name];
    if (agent === undefined || Object.hasOwn(reached, name)) continue;
    reached[name] = agent;
    queue.push(...namesOf(agent.subAgents));
  }
  return reached;
}

function namesOf(references: readonly { readonly name: string }[] | undefined): string[] {
  return (references ?? []).map((reference) => reference.name);
}
