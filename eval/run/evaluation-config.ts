import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ChainConfig, Config } from '#src/server/config/index.ts';
import { mcpServerSchema } from '#src/server/config/schema-connections.ts';
import { AppError } from '#src/server/errors.ts';
import { ATTEMPT_LIMIT_MS } from '../tunables.ts';

/** The only tool server of an attempt: a real kubernetes-mcp-server in front of the attempt's cluster. */
export const CLUSTER_SERVER = 'cluster';

const serverProgram = join(
  createRequire(import.meta.url).resolve('kubernetes-mcp-server/package.json'),
  '..',
  'bin',
  'index.js',
);

export type EvaluationSubject = {
  /** Replaces every provider that the configuration names; absent: as configured. */
  provider?: string | undefined;
  /** Absent: the default chain. */
  chain?: string | undefined;
};

/** What is evaluated, checked against the configuration. Throws `bad_request` naming what there is. */
export function chooseSubject(
  config: Config,
  subject: EvaluationSubject,
): { provider: string; model: string; chain: string } {
  const provider = subject.provider ?? config.defaults.llmProvider;
  const chain = subject.chain ?? config.defaults.chain;
  const found = config.llmProviders[provider];
  if (!found) throw unknown('LLM provider', provider, Object.keys(config.llmProviders));
  if (!config.chains[chain]) throw unknown('chain', chain, Object.keys(config.chains));
  return { provider, model: found.model, chain };
}

const unknown = (what: string, name: string, known: string[]) =>
  new AppError('bad_request', `There is no ${what} named ${name}. Configured: ${known.join(', ')}.`);

/**
 * The configuration of one attempt: the user's own chain, agents, prompts and limits, with these differences. The tools
 * are those of the attempt's cluster; the provider is the wanted one everywhere; what would outlive the attempt or
 * change its price (summary, scoring) is off, and so are memories.
 */
export function evaluationConfig(
  config: Config,
  options: EvaluationSubject & { kubeconfig: string; maxIterations: number },
): Config {
  const chainName = options.chain ?? config.defaults.chain;
  const chain = config.chains[chainName];
  if (!chain) throw new Error(`no chain ${chainName}`);
  const isForced = options.provider !== undefined;
  const forced = isForced ? { llmProvider: undefined, fallbackProviders: undefined } : {};
  // Nobody is there to say that an agent may go on.
  const free: Free = (level) => ({ ...level, onIterationLimit: undefined, ...forced });
  return {
    ...config,
    queue: { ...config.queue, sessionTimeout: Math.min(config.queue.sessionTimeout, ATTEMPT_LIMIT_MS) },
    defaults: {
      ...config.defaults,
      llmProvider: options.provider ?? config.defaults.llmProvider,
      fallbackProviders: isForced ? [] : config.defaults.fallbackProviders,
      maxIterations: options.maxIterations,
      onIterationLimit: 'conclude',
      chain: chainName,
    },
    // Nobody watches the offline analyst write.
    llmProviders: mapValues(config.llmProviders, (entry) =>
      entry.type === 'offline' ? { ...entry, pace: 0 } : entry,
    ),
    mcpServers: { [CLUSTER_SERVER]: clusterServer(options.kubeconfig) },
    agents: mapValues(config.agents, free),
    chains: { [chainName]: quiet(free(chain), free) },
    // What people taught about real incidents would tell about those of the demo.
    memory: { ...config.memory, enabled: false },
  };
}

/** Takes from a level what holds for the whole attempt: the choice of a model, when one is forced, and pauses. */
type Free = <T extends object>(level: T) => T;

function quiet(chain: ChainConfig, free: Free): ChainConfig {
  return {
    ...chain,
    alertTypes: [],
    stages: chain.stages.map((stage) => ({ ...free(stage), agents: stage.agents.map(free) })),
    executiveSummary: { ...chain.executiveSummary, enabled: false },
    scoring: { ...chain.scoring, enabled: false },
  };
}

function clusterServer(kubeconfig: string) {
  return mcpServerSchema.parse({
    transport: {
      type: 'stdio',
      command: process.execPath,
      // Not read-only: that nothing is changed is for the model to see to, and for TARS's policy to enforce.
      args: [serverProgram, '--kubeconfig', kubeconfig],
    },
    instructions:
      'One cluster, shop-eu-central-1. Prefer namespaced queries, and previous logs of what restarts.',
    masking: { groups: ['security', 'kubernetes'] },
  });
}

const mapValues = <T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
