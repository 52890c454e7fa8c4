import { rm } from 'node:fs/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { writeConfig } from '#test/kernel.ts';
import { ConfigError } from './config-error.ts';
import { loadConfig } from './load-config.ts';
import { chainForAlertType } from './select-chain.ts';
import { snapshotChain } from './snapshot-chain.ts';
import { viewOfProject } from './view-of-project.ts';

const directories: string[] = [];
afterAll(() => Promise.all(directories.map((each) => rm(each, { recursive: true, force: true }))));

async function load(config: unknown) {
  const directory = await writeConfig(config);
  directories.push(directory);
  return (await loadConfig({ directory, env: {} })).config;
}
async function problemsOf(config: unknown) {
  const error: unknown = await load(config).catch((caught: unknown) => caught);
  if (!(error instanceof ConfigError)) throw new Error('a ConfigError was expected');
  return error.issues.map(({ path, found }) => [path, found]);
}

const server = (projects?: string[]) => ({
  transport: { type: 'http', url: 'http://127.0.0.1:9/mcp' },
  ...(projects && { projects }),
});
/** Named by some alert type, as every chain has to be. */
const chain = (changes: Record<string, unknown> = {}) => ({
  alertTypes: ['Any'],
  stages: [{ name: 'look', agents: ['kubernetes'] }],
  ...changes,
});
const mcpServers = { shared: server(), shop: server(['shop']), bank: server(['bank', 'audit']) };

describe('the view of a project', () => {
  const config = {
    mcpServers,
    chains: {
      general: chain({ alertTypes: ['Other'] }),
      shop: chain({ alertTypes: ['Payment'], projects: ['shop'], mcpServers: ['shop', 'shared'] }),
      bank: chain({ alertTypes: ['Payment'], projects: ['bank'] }),
    },
  };

  test('holds what is open to it, and nothing else', async () => {
    const whole = await load(config);
    const view = viewOfProject(whole, 'bank');
    expect(Object.keys(view.chains)).toEqual(['kubernetes', 'general', 'bank']);
    expect(Object.keys(view.mcpServers)).toEqual(['shared', 'bank']);
    expect(Object.keys(viewOfProject(whole, 'somebody').mcpServers)).toEqual(['shared']);
    expect(viewOfProject(whole, 'bank')).toBe(view);
  });

  test('an alert type leads to the chain of its project, and elsewhere to the one for everything', async () => {
    const whole = await load(config);
    const chainFor = (project: string) => chainForAlertType(viewOfProject(whole, project), 'Payment').name;
    expect([chainFor('shop'), chainFor('bank'), chainFor('audit')]).toEqual(['shop', 'bank', 'kubernetes']);
  });

  test('agents that name no server get those of their project', async () => {
    const view = viewOfProject(await load(config), 'bank');
    expect(snapshotChain(view, 'bank').mcpServers).toEqual(['shared', 'bank']);
  });

  test('without projects it is the configuration itself', async () => {
    const whole = await load({ mcpServers: { shared: server() } });
    expect(viewOfProject(whole, 'bank')).toBe(whole);
  });
});

describe('a chain that uses a server which one of its projects may not use', () => {
  test.each([
    ['chains.x.mcpServers[0].name', { x: chain({ mcpServers: ['shop'] }) }],
    ['chains.x.mcpServers[0].name', { x: chain({ projects: ['bank'], mcpServers: ['shop'] }) }],
    [
      'chains.x.mcpServers[1].name',
      { x: chain({ projects: ['shop', 'bank'], mcpServers: ['shared', 'bank'] }) },
    ],
    [
      'chains.x.stages[0].mcpServers[0].name',
      { x: chain({ stages: [{ name: 'look', agents: ['kubernetes'], mcpServers: ['shop'] }] }) },
    ],
    [
      'chains.x.stages[0].agents[0].mcpServers[0].name',
      { x: chain({ stages: [{ name: 'look', agents: [{ name: 'kubernetes', mcpServers: ['shop'] }] }] }) },
    ],
    ['chains.x.chat.mcpServers[0].name', { x: chain({ chat: { mcpServers: ['shop'] } }) }],
    [
      'chains.x.approval.rules[0].server',
      { x: chain({ approval: { rules: [{ server: 'shop', tool: '.*', approval: 'always' }] } }) },
    ],
    ['agents.mine.mcpServers[0].name', { x: chain({ stages: [{ name: 'look', agents: ['mine'] }] }) }],
    [
      'chains.x.subAgents[0].mcpServers[0].name',
      { x: chain({ subAgents: [{ name: 'mine', mcpServers: ['shop'] }] }) },
    ],
    ['agents.mine.mcpServers[0].name', { x: chain({ subAgents: ['mine'] }) }],
  ])('is an error at %s', async (path, chains) => {
    const agents = { mine: { description: 'Mine.', mcpServers: ['shop'] } };
    const problems = await problemsOf({ mcpServers, agents, chains });
    expect(problems.map(([at]) => at)).toContain(path);
    for (const [, found] of problems) expect(found).toMatch(/a server of (shop|bank, audit) only/);
  });

  test.each([
    ['of the same project', { x: chain({ projects: ['shop'], mcpServers: ['shop', 'shared'] }) }],
    ['of some of the server’s projects', { x: chain({ projects: ['audit'], mcpServers: ['bank'] }) }],
    [
      'whose agent’s own servers are replaced by a stronger level',
      {
        x: chain({
          stages: [{ name: 'look', agents: [{ name: 'mine', mcpServers: ['shared'] }] }],
          chat: { mcpServers: ['shared'] },
        }),
      },
    ],
  ])('is none for one %s', async (_name, chains) => {
    const agents = { mine: { description: 'Mine.', mcpServers: ['shop'] } };
    await expect(load({ mcpServers, agents, chains })).resolves.toBeDefined();
  });

  test('the chain for everything is there for everybody', async () => {
    expect(
      await problemsOf({ defaults: { chain: 'x' }, chains: { x: chain({ projects: ['shop'] }) } }),
    ).toEqual([['defaults.chain', '"x", a chain of shop only']]);
  });

  test('a check uses what its project may use', async () => {
    const chains = { x: chain({ projects: ['shop'] }) };
    const check = (changes: object) => ({
      schedule: '0 8 * * *',
      question: 'Well?',
      project: 'bank',
      ...changes,
    });
    const checks = { a: check({ chain: 'x' }), b: check({ mcp: { servers: [{ name: 'shop' }] } }) };
    expect((await problemsOf({ mcpServers, chains, checks })).map(([path]) => path)).toEqual([
      'checks.a.chain',
      'checks.b.mcp.servers[0].name',
    ]);
    const config = await load({ chains, checks: { mine: check({ project: 'shop', chain: 'x' }) } });
    expect(Object.keys(viewOfProject(config, 'shop').checks)).toEqual(['mine']);
    expect(Object.keys(viewOfProject(config, 'bank').checks)).toEqual([]);
  });

  test('chains that share a project do not share an alert type', async () => {
    const chains = {
      one: chain({ alertTypes: ['Payment'], projects: ['shop', 'bank'] }),
      two: chain({ alertTypes: ['Payment'], projects: ['bank'] }),
    };
    expect(await problemsOf({ chains })).toEqual([
      ['chains.two.alertTypes[0]', '"Payment", which chain "one" already handles'],
    ]);
  });

  test.each([[[]], [['Team B']], ['shop']])('%j is no list of projects', async (projects) => {
    expect(await problemsOf({ chains: { x: chain({ projects }) } })).not.toEqual([]);
  });
});
