// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the environment are what is tested
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError, type ConfigIssue } from './config-error.ts';
import { loadConfig } from './load-config.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'tars-config-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function load(files: Record<string, string> | string, env: Record<string, string> = {}) {
  const named = typeof files === 'string' ? { 'tars.yaml': files } : files;
  for (const [name, text] of Object.entries(named)) {
    await mkdir(path.dirname(path.join(directory, name)), { recursive: true });
    await writeFile(path.join(directory, name), text);
  }
  return loadConfig({ directory, env });
}

async function issuesOf(
  files: Record<string, string> | string,
  env?: Record<string, string>,
): Promise<readonly ConfigIssue[]> {
  const error: unknown = await load(files, env).catch((caught: unknown) => caught);
  if (!(error instanceof ConfigError)) throw new Error('a ConfigError was expected');
  return error.issues;
}

/** The configuration of the public contract, word for word. */
const CONTRACT = `
queue: { maxRunningSessions: 5, workerConcurrency: 5, maxPendingSessions: 1000, sessionTimeout: 40m }
defaults:
  llmProvider: main
  fallbackProviders: [spare]
  maxIterations: 20
  successPolicy: any
  chain: kubernetes
  budgets: { costUsd: 2.00, tokens: 400000, time: 40m }
  masking: { alerts: { groups: [security] } }
llmProviders:
  main:  { type: openai-compatible, baseUrl: "http://127.0.0.1:4010/v1", model: some-model, apiKey: "\${LOCAL_KEY:-none}",
           contextTokens: 32000, maxOutputTokens: 4000, pricePerMillion: { input: 1.0, output: 4.0 } }
  spare: { type: anthropic, model: some-other-model }
mcpServers:
  cluster:
    transport: { type: stdio, command: npx, args: [kubernetes-mcp-server, --read-only], env: { KUBECONFIG: "\${KUBECONFIG}" } }
    instructions: Prefer namespaced queries.
    timeout: 60s
    masking: { groups: [kubernetes], patterns: [email], custom: [ { name: ACME_ID, pattern: "ACME-[0-9]+" } ] }
    summarization: { thresholdTokens: 5000, maxTokens: 1000 }
    approval: { default: annotations, tools: { pods_delete: always, pods_list: never } }
  box: { transport: { type: http, url: "https://box.example/mcp", headers: { Authorization: "Bearer \${BOX_TOKEN:-}" } } }
agents:
  kubernetes: { description: Kubernetes diagnosis, mcpServers: [cluster], instructions: "...", skills: [dns], requiredSkills: [], subAgents: [] }
  judge: { type: scoring }
chains:
  kubernetes:
    alertTypes: [kubernetes, NodeNotReady]
    stages:
      - name: look
        agents: [ { name: kubernetes, llmProvider: main }, { name: kubernetes, llmProvider: spare } ]
        successPolicy: all
        synthesis: { agent: synthesis }
      - { name: again, agents: [ { name: kubernetes } ], replicas: 3 }
    chat: { enabled: true }
    scoring: { enabled: true }
    runbook: { default: "https://github.com/acme/ops/blob/main/books/k8s.md" }
runbooks: { repository: "https://github.com/acme/ops/tree/main/books", allowedDomains: [github.com, raw.githubusercontent.com], cacheTtl: 5m }
webhooks: { pagerduty: { secret: "\${PAGERDUTY_SECRET:-}" }, sentry: {}, grafana: {}, cloudwatch: { topics: [] } }
dedup: { window: 6h }
approval: { expiresAfter: 24h }
notifications: { slack: { channel: "#incidents", token: "\${SLACK_TOKEN:-}", apiUrl: "https://slack.com/api" } }
masking: { patterns: { ACME_KEY: "ak_[a-z0-9]{20}" } }
retention: { sessions: 365d, events: 30d, logs: 14d }
`;

const skill = (name: string) =>
  `---\nname: ${name}\ndescription: When ${name} is in doubt.\n---\n# ${name}\n`;

describe('a valid configuration', () => {
  test('the shipped directory and an empty one need no key and no cluster', async () => {
    const shipped = await loadConfig({
      directory: path.join(import.meta.dirname, '../../../config'),
      env: {},
    });
    const empty = await load({});
    for (const { config, warnings } of [shipped, empty]) {
      expect(warnings).toEqual([]);
      expect(config.defaults.llmProvider).toBe('offline');
      expect(Object.keys(config.llmProviders)).toEqual(['offline']);
      expect(Object.keys(config.agents)).toEqual([
        'kubernetes',
        'generalist',
        'web-researcher',
        'code-runner',
        'chat',
        'synthesis',
        'executive-summary',
        'judge',
      ]);
      expect(Object.keys(config.chains)).toEqual(['kubernetes']);
      expect(config.mcpServers).toEqual({});
    }
  });

  test('what every chain does is said once; a chain differs key by key', async () => {
    const { config } = await load({
      'tars.yaml': `
defaults: { scoring: { enabled: true, llmProvider: offline }, runbook: { default: "https://github.com/acme/ops/a.md" } }
chains:
  quiet: { alertTypes: [quiet], stages: [{ name: look, agents: [kubernetes] }], scoring: { enabled: false } }
`,
    });
    expect(config.chains.kubernetes?.scoring).toMatchObject({ enabled: true, llmProvider: 'offline' });
    expect(config.chains.quiet?.scoring).toEqual({ enabled: false, llmProvider: 'offline', agent: 'judge' });
    expect(config.chains.quiet?.runbook.default).toBe('https://github.com/acme/ops/a.md');
    expect(config.chains.quiet?.executiveSummary.enabled).toBe(true);
  });

  test('a budget in money that counts nothing is pointed out', async () => {
    const provider = (price: string) =>
      `llmProviders: { local: { type: openai-compatible, baseUrl: "http://127.0.0.1:1/v1", model: m${price} } }`;
    const budget = 'defaults: { budgets: { costUsd: 1 } }';
    const { warnings } = await load({ 'tars.yaml': `${budget}\n${provider('')}` });
    expect(warnings).toEqual([expect.stringContaining('llmProviders.local: no pricePerMillion')]);
    const priced = await load({
      'tars.yaml': `${budget}\n${provider(', pricePerMillion: { input: 1, output: 2 }')}`,
    });
    expect(priced.warnings).toEqual([]);
  });

  test('a budget in money where costs are not shown is an error, whoever has it', async () => {
    const chain =
      'chains: { slow: { alertTypes: [Slow], stages: [{ name: a, agents: [kubernetes] }], budgets: { costUsd: 2 } } }';
    const off = 'costs: { enabled: false }';
    const issues = await issuesOf({
      'tars.yaml': `${off}\ndefaults: { budgets: { costUsd: 1, tokens: 100 } }\n${chain}`,
    });
    expect(issues.map(({ path: at, expected }) => [at, expected])).toEqual([
      ['defaults.budgets.costUsd', 'a limit in tokens or time, since costs.enabled is false'],
      ['chains.slow.budgets.costUsd', 'a limit in tokens or time, since costs.enabled is false'],
    ]);
    expect((await load({ 'tars.yaml': `${off}\ndefaults: { budgets: { tokens: 100 } }` })).warnings).toEqual(
      [],
    );
  });

  test('the contract word for word; durations are milliseconds, empty secrets are absent', async () => {
    const { config, warnings } = await load(
      { 'tars.yaml': CONTRACT, 'skills/dns/SKILL.md': skill('dns') },
      { KUBECONFIG: '/k' },
    );
    expect(config.queue.sessionTimeout).toBe(2_400_000);
    expect(config.retention.sessions).toBe(31_536_000_000);
    expect(config.llmProviders.main?.apiKey).toBe('none');
    expect(config.webhooks.pagerduty.secret).toBeUndefined();
    expect(config.mcpServers.cluster?.transport).toMatchObject({ env: { KUBECONFIG: '/k' } });
    expect(config.mcpServers.box?.masking.groups).toEqual(['security']);
    expect(config.agents.kubernetes?.mcpServers).toEqual([{ name: 'cluster' }]);
    expect(config.agents.chat?.type).toBe('chat');
    expect(warnings).toEqual([
      'llmProviders.spare: no apiKey and ANTHROPIC_API_KEY is not set; its calls will be refused',
      'notifications.slack: no token; nothing is posted',
    ]);
  });

  test('a provider without its key is a warning, unless it may do without', async () => {
    const provider = (more = '') =>
      `llmProviders: { spare: { type: anthropic, model: m${more} } }\ndefaults: { fallbackProviders: [spare] }`;
    expect((await load(provider())).warnings).toEqual([
      expect.stringContaining('llmProviders.spare: no apiKey and ANTHROPIC_API_KEY is not set'),
    ]);
    expect((await load(provider(), { ANTHROPIC_API_KEY: 'a-key' })).warnings).toEqual([]);
    expect((await load(provider(', baseUrl: "http://gateway.example"'))).warnings).toEqual([]);
  });

  test('promotions: half-open, in UTC, one at a time', async () => {
    const provider = (promotions: string) =>
      `llmProviders: { p: { type: openai-compatible, model: m, baseUrl: "http://a.example", promotions: [${promotions}] } }`;
    const price = 'input: 1, output: 2';
    const { config } = await load(
      provider(
        `{ from: 2026-12-01, until: "2026-12-24T01:00:00+01:00", ${price} }, { from: 2026-12-24, until: 2027-01-01, ${price} }`,
      ),
    );
    expect(config.llmProviders.p?.promotions?.map(({ from, until }) => [from, until])).toEqual([
      ['2026-12-01T00:00:00.000Z', '2026-12-24T00:00:00.000Z'],
      ['2026-12-24T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ]);
    const overlap = `{ from: 2026-12-01, until: 2026-12-24, ${price} }, { from: 2026-12-23, until: 2027-01-01, ${price} }`;
    expect(await issuesOf(provider(overlap))).toMatchObject([
      {
        path: 'llmProviders.p.promotions[1]',
        found:
          'from 2026-12-23T00:00:00.000Z until 2027-01-01T00:00:00.000Z, while promotions[0] holds from 2026-12-01T00:00:00.000Z until 2026-12-24T00:00:00.000Z',
      },
    ]);
    expect(await issuesOf(provider(`{ from: 2026-12-24, until: 2026-12-24, ${price} }`))).toMatchObject([
      { path: 'llmProviders.p.promotions[0].until', expected: expect.stringContaining('a time after from') },
    ]);
    expect(await issuesOf(provider(`{ from: tomorrow, until: 2026-12-24, ${price} }`))).toMatchObject([
      { path: 'llmProviders.p.promotions[0].from', expected: expect.stringContaining('a date') },
    ]);
  });

  test('files merge in name order: an entry is replaced whole, settings merge key by key', async () => {
    const { config } = await load({
      'b.yaml': 'queue: { maxRunningSessions: 2 }\nagents: { mine: { description: second } }\n',
      'a.yaml':
        'queue: { maxRunningSessions: 9, workerConcurrency: 3 }\nagents: { mine: { description: first, instructions: x } }\n',
    });
    expect(config.queue).toMatchObject({ maxRunningSessions: 2, workerConcurrency: 3 });
    expect(config.agents.mine).toMatchObject({ description: 'second' });
    expect(config.agents.mine?.instructions).toBeUndefined();
  });

  test('a key in the environment makes a provider available and the default', async () => {
    const { config, secretValues } = await load(
      {},
      { XAI_API_KEY: 'xai-secret', ANTHROPIC_API_KEY: 'ant-secret' },
    );
    expect(config.defaults.llmProvider).toBe('anthropic');
    expect(config.llmProviders.anthropic?.apiKey).toBe('ant-secret');
    expect(Object.keys(config.llmProviders).sort()).toEqual(['anthropic', 'offline', 'xai']);
    expect([...secretValues].sort()).toEqual(['ant-secret', 'xai-secret']);
  });

  test('interpolation: defaults, empty values, numbers, an escaped placeholder', async () => {
    const { config } = await load(
      'queue: { maxRunningSessions: "${RUNNING:-7}" }\nagents: { a: { instructions: "${EMPTY:-x} $${KEPT} ${SET}" } }\n',
      { EMPTY: '', SET: 'y' },
    );
    expect(config.queue.maxRunningSessions).toBe(7);
    expect(config.agents.a?.instructions).toBe('x ${KEPT} y');
  });

  test("a user's chain takes an alert type from the built-in one", async () => {
    const { config } = await load(
      'chains: { mine: { alertTypes: [kubernetes], stages: [{ name: a, agents: [kubernetes] }] } }',
    );
    expect(config.chains.kubernetes?.alertTypes).toEqual([]);
    expect(config.chains.mine?.alertTypes).toEqual(['kubernetes']);
  });
});

describe('destinations of notifications', () => {
  test('of every type; one in a later file replaces the whole of another', async () => {
    const { config, warnings } = await load({
      'a.yaml': `notifications:
  slack: { channel: "#c", token: t, severities: [critical] }
  destinations:
    chat: { type: mattermost, url: "https://chat.example", channel: shop/incidents, token: t }
    cards: { type: teams, url: "\${TEAMS_URL:-}" }
    hook: { type: webhook, url: "https://hook.example", headers: { X-Team: ops } }
`,
      'b.yaml': 'notifications: { destinations: { chat: { type: teams, url: "https://t.example" } } }',
    });
    const { slack, destinations } = config.notifications;
    expect(slack).toMatchObject({ severities: ['critical'], enabled: true });
    expect(destinations.chat).toEqual({ type: 'teams', enabled: true, url: 'https://t.example' });
    expect(Object.keys(destinations).toSorted()).toEqual(['cards', 'chat', 'hook']);
    expect(warnings.filter((warning) => warning.startsWith('notifications')).toSorted()).toEqual([
      'notifications.destinations.cards: no url; nothing is posted',
      'notifications.destinations.hook: no secret; its requests are not signed',
    ]);
  });

  test('a wrong one says where and what would be right', async () => {
    const issues = await issuesOf(`notifications:
  slack: { channel: "#c" }
  destinations:
    a: { type: mattermost, url: "https://chat.example", channel: "#incidents" }
    b: { type: webhook, url: nowhere, events: [finished] }
    c: { type: slack, chanel: x }
`);
    expect(issues.map(({ path: at, expected }) => `${at}: ${expected}`).toSorted()).toEqual([
      'notifications.destinations.a.channel: the id of a channel (26 characters), or team/channel',
      'notifications.destinations.b.events[0]: one of started, ended, approvalRequested, approvalDecided',
      'notifications.destinations.b.url: an http or https address',
      expect.stringContaining('notifications.destinations.c.chanel: "channel" (valid here: type'),
      'notifications.destinations.c.channel: text',
    ]);
    const slack = '{ slack: { channel: "#c" }, destinations: { slack: { type: slack, channel: "#d" } } }';
    expect(await issuesOf(`notifications: ${slack}`)).toMatchObject([
      { path: 'notifications.destinations.slack', expected: 'another name' },
    ]);
  });
});

describe('an invalid configuration', () => {
  test('a message template names only what there is', async () => {
    const slack = (ended: string) =>
      `notifications: { slack: { channel: "#c", templates: { ended: "${ended}" } } }`;
    expect((await load(slack('{{title}} {{ link }}'))).config.notifications.slack?.templates.ended).toBe(
      '{{title}} {{ link }}',
    );
    expect(await issuesOf(slack('{{titel}}'))).toMatchObject([
      { path: 'notifications.slack.templates.ended', expected: expect.stringContaining('{{title}}') },
    ]);
  });

  test('every problem is reported at once, with file, line, path, found and expected', async () => {
    const issues = await issuesOf(`queue: { maxRunningSession: 3, sessionTimeout: soon }
llmProviders:
  main: { type: openai, model: x, apiKey: "\${NOPE}" }
mcpServers:
  d:
    transport: { type: http, url: nowhere, heders: {} }
chains:
  kubernetes:
    stages:
      - { nme: a, agents: [] }
`);
    const file = path.join(directory, 'tars.yaml');
    const brief = issues.map(
      ({ line, path: at, found, expected }) => `${line} ${at} | ${found} | ${expected.split(' (')[0]}`,
    );
    expect(issues.every((issue) => issue.file === file)).toBe(true);
    expect(brief.sort()).toEqual(
      [
        '1 queue.sessionTimeout | "soon" | a duration above zero such as 250ms, 30s, 40m, 6h or 365d',
        '1 queue.maxRunningSession | the unknown key "maxRunningSession" | "maxRunningSessions"',
        '3 llmProviders.main.apiKey | ${NOPE}, a variable that is not set | the environment variable NOPE to be set, or a default: ${NOPE:-…}',
        '6 mcpServers.d.transport.url | "nowhere" | an http or https address',
        '6 mcpServers.d.transport.heders | the unknown key "heders" | "headers"',
        '10 chains.kubernetes.stages[0].name | nothing | text',
        '10 chains.kubernetes.stages[0].agents | an empty list | at least one agent',
        '10 chains.kubernetes.stages[0].nme | the unknown key "nme" | "name"',
      ].sort(),
    );
  });

  const STAGES = 'stages: [{ name: s, agents: [kubernetes] }]';
  const CHECK = 'question: q, schedule: "0 6 * * *"';
  test.each([
    ['defaults: { llmProvider: ofline }', 'defaults.llmProvider', '"offline"'],
    ['defaults: { fallbackProviders: [nobody] }', 'defaults.fallbackProviders[0]', 'offline'],
    ['defaults: { chain: kubernets }', 'defaults.chain', '"kubernetes"'],
    [
      'chains: { c: { alertTypes: [x], stages: [{ name: s, agents: [kubernets] }] } }',
      'chains.c.stages[0].agents[0].name',
      '"kubernetes"',
    ],
    ['chains: { c: { alertTypes: [x], stages: [] } }', 'chains.c.stages', 'at least one stage'],
    [`chains: { c: { ${STAGES} } }`, 'chains.c.alertTypes', 'at least one alert type'],
    [
      `chains: { c: { alertTypes: [x], ${STAGES} }, d: { alertTypes: [x], ${STAGES} } }`,
      'chains.d.alertTypes[0]',
      'exactly one chain',
    ],
    [
      'chains: { c: { alertTypes: [x], stages: [{ name: s, agents: [kubernetes], replicas: 0 }] } }',
      'chains.c.stages[0].replicas',
      'from 1',
    ],
    [
      'chains: { c: { alertTypes: [x], stages: [{ name: s, agents: [kubernetes, kubernetes], replicas: 2 }] } }',
      'chains.c.stages[0].replicas',
      'one agent',
    ],
    [
      `chains: { c: { alertTypes: [x], ${STAGES}, scoring: { agent: chat } } }`,
      'chains.c.scoring.agent',
      'type scoring',
    ],
    ['agents: { a: { mcpServers: [cluster] } }', 'agents.a.mcpServers[0].name', 'MCP server'],
    ['agents: { a: { subAgents: [b] }, b: {} }', 'agents.a.subAgents[0].name', 'description'],
    [
      'agents: { a: { description: x, subAgents: [b] }, b: { description: x, subAgents: [a] } }',
      'agents.b.subAgents[0].name',
      'without a cycle',
    ],
    ['agents: { a: { maxIterations: 0 } }', 'agents.a.maxIterations', 'from 1'],
    ['agents: { "a b": {} }', 'agents."a b"', 'a name of'],
    [
      'defaults: { masking: { alerts: { groups: [secrity] } } }',
      'defaults.masking.alerts.groups[0]',
      '"security"',
    ],
    [
      'defaults: { masking: { alerts: { patterns: [emial] } } }',
      'defaults.masking.alerts.patterns[0]',
      '"email"',
    ],
    ['masking: { patterns: { X: "(a" } }', 'masking.patterns.X', 'RE2'],
    ['masking: { patterns: { X: "(?=a)b" } }', 'masking.patterns.X', 'RE2'],
    ['llmProviders: { x: { type: openai-compatible, model: m } }', 'llmProviders.x.baseUrl', 'address'],
    ['llmProviders: { x: { type: opnai, model: m } }', 'llmProviders.x.type', 'openai'],
    ['mcpServers: { x: { transport: { type: stdio } } }', 'mcpServers.x.transport.command', 'text'],
    ['mcpServers: { x: { transport: { type: pipe } } }', 'mcpServers.x.transport.type', 'stdio, http or sse'],
    [
      'mcpServers: { x: { transport: { type: stdio, command: a }, approval: { tools: { "a b": always } } } }',
      'mcpServers.x.approval.tools."a b"',
      'name of a tool',
    ],
    [`checks: { c: { question: q } }`, 'checks.c.schedule', 'text'],
    [
      `checks: { c: { question: q, schedule: "61 * * * *" } }`,
      'checks.c.schedule',
      'Invalid value for minute',
    ],
    [`checks: { c: { question: q, schedule: "* * * * * *" } }`, 'checks.c.schedule', 'every minute at most'],
    [`checks: { c: { ${CHECK}, timezone: Europe/Mars } }`, 'checks.c.timezone', 'time zone'],
    [`checks: { c: { ${CHECK}, project: My Team } }`, 'checks.c.project', 'slug'],
    [`checks: { c: { ${CHECK}, chain: kubernets } }`, 'checks.c.chain', '"kubernetes"'],
    [`checks: { c: { ${CHECK}, chain: kubernetes, alertType: x } }`, 'checks.c.chain', 'not both'],
    [`checks: { c: { ${CHECK}, notify: finding } }`, 'checks.c.notify', 'findings, always, never'],
    [
      `checks: { c: { ${CHECK}, mcp: { servers: [{ name: cluster }] } } }`,
      'checks.c.mcp.servers[0].name',
      'MCP server',
    ],
    ['dedup: { window: 6 }', 'dedup.window', 'duration'],
    ['dedup: { window: 0s }', 'dedup.window', 'above zero'],
    ['queue: [1]', 'queue', 'a mapping'],
    ['runbooks: { token: "${}" }', 'runbooks.token', 'or'],
  ])('%s', async (text, at, expected) => {
    const issues = await issuesOf(text);
    const issue = issues.find((candidate) => candidate.path === at);
    expect(issue, JSON.stringify(issues)).toBeDefined();
    expect(issue?.expected).toContain(expected);
    expect(issue?.line).toBe(1);
  });

  test('broken YAML, duplicate keys, alias bombs, a list, a missing directory', async () => {
    expect((await issuesOf('queue: {'))[0]).toMatchObject({ line: 1, expected: 'valid YAML' });
    expect((await issuesOf('dedup: {}\ndedup: {}\n'))[0]).toMatchObject({ line: 2, expected: 'valid YAML' });
    expect((await issuesOf('- a\n'))[0]?.expected).toBe('a mapping of sections');
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (let i = 0; i < 8; i++) bomb.push(`b${i}: &b${i} [${`*${i === 0 ? 'a' : `b${i - 1}`},`.repeat(9)}]`);
    expect((await issuesOf(bomb.join('\n')))[0]?.expected).toBe('YAML with few aliases');
    await expect(loadConfig({ directory: path.join(directory, 'absent'), env: {} })).rejects.toThrow(
      'no readable directory',
    );
  });

  test('an error names the file that decides, and echoes no secret', async () => {
    const issues = await issuesOf(
      { 'a.yaml': 'agents: { x: { type: chat } }', 'b.yaml': '\nagents: { x: { type: "${MY_TOKEN}" } }' },
      { MY_TOKEN: 'very-secret' },
    );
    expect(issues).toEqual([
      expect.objectContaining({
        file: path.join(directory, 'b.yaml'),
        line: 2,
        path: 'agents.x.type',
        found: 'a hidden text',
      }),
    ]);
  });
});

test('a chain that only a check names is reachable', async () => {
  const { config } = await load(
    'chains: { look: { stages: [{ name: s, agents: [kubernetes] }] } }\nchecks: { c: { schedule: "0 6 * * *", question: q, chain: look } }',
  );
  expect(config.checks.c).toMatchObject({
    timezone: 'UTC',
    project: 'default',
    notify: 'findings',
    enabled: true,
  });
});

test('instructions are bounded, since every call carries them', async () => {
  const long = 'x'.repeat(50_000);
  const issues = await issuesOf(`agents: { a: { description: d, instructions: "${long}" } }`);
  expect(issues).toEqual([
    expect.objectContaining({ path: 'agents.a.instructions', expected: expect.stringContaining('skills/') }),
  ]);
  expect(issues[0]?.found.length).toBeLessThan(100);
});

test('no server has the name under which the own tools of TARS run', async () => {
  const server = '{ transport: { type: http, url: "https://box.example/mcp" } }';
  expect(await issuesOf(`mcpServers: { tars: ${server} }`)).toMatchObject([
    { path: 'mcpServers.tars', expected: 'another name' },
  ]);
});

describe('skills', () => {
  test('are read from folders and, where folders are not possible, from files; hidden entries are none', async () => {
    await load({
      'skills/dns/SKILL.md': skill('dns'),
      'skills/oncall.md': skill('oncall'),
      'skills/notes.txt': 'no skill',
      'skills/empty/README.md': 'no skill',
      'skills/..2026/hidden.md': skill('hidden'),
    });
    await symlink('..2026/hidden.md', path.join(directory, 'skills/linked.md'));
    const { config, files } = await loadConfig({ directory, env: {} });
    expect(Object.keys(config.skills ?? {}).sort()).toEqual(['dns', 'hidden', 'oncall']);
    expect(config.skills?.dns).toMatchObject({ description: 'When dns is in doubt.', text: '# dns' });
    expect(files).toContain(path.join(directory, 'skills/dns/SKILL.md'));
  });

  test('that are broken, doubled or unknown stop the start, each with its place', async () => {
    const yaml = `agents: { a: { description: d, skills: [dns, dnss], requiredSkills: [nothing] } }
chains: { c: { alertTypes: [T], stages: [{ name: s, skills: [x], agents: [{ name: a, requiredSkills: [y] }] }] } }`;
    const files = {
      'tars.yaml': yaml,
      'skills/dns/SKILL.md': skill('dns'),
      'skills/other.md': skill('dns'),
      'skills/broken.md': 'just text',
    };
    const problem = await load(files).catch((error: unknown) => String(error));
    for (const part of [
      'skills/broken.md:1 found no head',
      /skills\/other\.md:2 name: found "dns", which .*skills\/dns\/SKILL\.md has, too/,
      'agents.a.skills[1]: found "dnss", expected "dns"',
      'agents.a.requiredSkills[0]: found "nothing"',
      'stages[0].skills[0]: found "x"',
      'stages[0].agents[0].requiredSkills[0]: found "y"',
    ])
      expect(problem).toMatch(part);
  });
});
