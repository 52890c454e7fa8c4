/** Configuration before validation: what YAML gives. */
export type RawRecord = Record<string, unknown>;

/** Environment variables as the caller hands them in; this folder never reads `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where the key of each provider type usually lives. `offline` and `openai-compatible` have no usual one. */
export const PROVIDER_KEY_VARIABLES: Readonly<Record<string, string>> = {
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  google: 'GOOGLE_GENERATIVE_AI_API_KEY',
  xai: 'XAI_API_KEY',
  vertex: 'GOOGLE_VERTEX_API_KEY',
};

const BUILTIN_PROVIDERS: Readonly<Record<string, RawRecord>> = {
  openai: { type: 'openai', model: 'gpt-5.5', contextTokens: 272_000, maxOutputTokens: 16_000 },
  anthropic: { type: 'anthropic', model: 'claude-sonnet-5', contextTokens: 200_000, maxOutputTokens: 16_000 },
  google: { type: 'google', model: 'gemini-3.5-flash', contextTokens: 1_000_000, maxOutputTokens: 16_000 },
  xai: { type: 'xai', model: 'grok-4.5', contextTokens: 256_000, maxOutputTokens: 16_000 },
  vertex: { type: 'vertex', model: 'gemini-3.5-flash', contextTokens: 1_000_000, maxOutputTokens: 16_000 },
};

const BUILTIN_AGENTS: RawRecord = {
  kubernetes: {
    type: 'investigation',
    description: 'Diagnoses workloads, nodes, networking and storage of a Kubernetes cluster.',
    instructions:
      'You diagnose Kubernetes incidents. Start at the object the alert names, read its status, events and the ' +
      'logs of the previous container instance, then follow owners, selectors, references and the node until the ' +
      'first cause is found. Compare what a workload asks for (keys, ports, images, storage classes, limits) with ' +
      'what exists. Prefer namespaced, narrow queries.',
  },
  generalist: {
    type: 'investigation',
    description: 'Does one bounded task with the tools it is given and reports what it found.',
    instructions:
      'You are given one task by another agent. Do exactly that, with as few calls as it takes, and report what you ' +
      'found and what you could not find; leave the conclusion about the alert to the one who asked.',
  },
  'web-researcher': {
    type: 'investigation',
    description:
      'Looks up error messages, known bugs and release notes on the web (with a model that can search).',
    instructions:
      'You look up what the web knows about a technical question: known bugs, error messages, release notes, changes ' +
      "between versions. Prefer the maintainers' own pages, name every source, and say how sure it is that it applies here.",
    mcpServers: [],
    nativeTools: { webSearch: true, urlContext: true },
  },
  'code-runner': {
    type: 'investigation',
    description: 'Computes and analyses given data by running code (with a model that can run code).',
    instructions:
      'You answer questions about numbers and data you are given by running code instead of estimating. Show the ' +
      'result and in one line how it was computed.',
    mcpServers: [],
    nativeTools: { codeExecution: true },
  },
  chat: {
    type: 'chat',
    description: 'Answers questions about a finished investigation, with the same tools.',
    instructions:
      'You answer questions about an investigation. Use what it already found first; call a tool only when the ' +
      'answer needs newer or further facts, and say which statement rests on which result.',
  },
  synthesis: {
    type: 'synthesis',
    description: 'Turns the answers of several agents into one.',
    instructions:
      'You combine several independent investigations of one alert. Keep what the evidence supports, name ' +
      'contradictions and say which side the evidence favours; an agreement without evidence counts for nothing.',
    mcpServers: [],
  },
  'executive-summary': {
    type: 'summary',
    description: 'States the outcome in a few lines.',
    instructions:
      'You state the outcome of an investigation in one to four plain lines: what is affected, the root cause, ' +
      'the next action. No new claims, no headings.',
    mcpServers: [],
  },
  judge: {
    type: 'scoring',
    description: 'Scores a finished investigation.',
    instructions:
      'You judge a finished investigation strictly: outcome, evidence, use of tools, reasoning and completeness. ' +
      'A claim that no tool result supports counts against it.',
    mcpServers: [],
  },
};

/** Names of the built-in providers that the environment makes usable, in order of preference, without `offline`. */
function availableProviders(env: Environment): string[] {
  return Object.keys(BUILTIN_PROVIDERS).filter((name) => {
    if (name === 'vertex') return Boolean(env.GOOGLE_VERTEX_PROJECT || env.GOOGLE_VERTEX_API_KEY);
    return Boolean(env[PROVIDER_KEY_VARIABLES[name] ?? '']);
  });
}

function builtinProvider(name: string, env: Environment): RawRecord {
  const provider: RawRecord = { ...BUILTIN_PROVIDERS[name] };
  if (name === 'vertex') {
    if (env.GOOGLE_VERTEX_PROJECT) provider.project = env.GOOGLE_VERTEX_PROJECT;
    if (env.GOOGLE_VERTEX_LOCATION) provider.location = env.GOOGLE_VERTEX_LOCATION;
  }
  return provider;
}

/**
 * What TARS knows without any file: its agents, one chain, the `offline` provider, and one provider per type whose
 * key the environment holds. The user's files lie on top. No MCP server: what may be reached is the user's decision.
 */
export function builtinConfig(env: Environment): RawRecord {
  const available = availableProviders(env);
  return {
    defaults: { llmProvider: available[0] ?? 'offline' },
    llmProviders: {
      offline: { type: 'offline', model: 'rules' },
      ...Object.fromEntries(available.map((name) => [name, builtinProvider(name, env)])),
    },
    agents: structuredClone(BUILTIN_AGENTS),
    chains: {
      kubernetes: {
        description: 'One investigation of a Kubernetes alert.',
        alertTypes: ['kubernetes'],
        stages: [{ name: 'analysis', agents: [{ name: 'kubernetes' }] }],
      },
    },
  };
}
