import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeConfig } from '#test/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { startTestWeb, type TestWeb } from '#test/web/start-test-web.ts';
import { defaultToolsSchema } from '../schema.ts';

const db = useTestDatabase();
let web: TestWeb;
let key: string;

const server = { transport: { type: 'http', url: 'http://127.0.0.1:1/' } };

beforeAll(async () => {
  const configDir = await writeConfig({
    mcpServers: { box: server, cluster: server, spare: server },
    agents: { looker: { mcpServers: ['cluster'] }, free: {} },
    chains: {
      network: {
        description: 'What does not reach what',
        alertTypes: ['Unreachable', 'SlowDns'],
        stages: [
          { name: 'look', agents: ['looker'] },
          { name: 'try', agents: [{ name: 'looker', mcpServers: [{ name: 'box', tools: ['echo'] }] }] },
        ],
      },
      everything: { alertTypes: ['Odd'], stages: [{ name: 'look', agents: ['free'] }] },
    },
  });
  web = await startTestWeb(db.database, { configDir });
  key = await web.key(await web.project('tools'), 'viewer');
  await db.database.pool.query(
    `insert into mcp_server_status (name, status, error, tools, checked_at) values ('box', 'healthy', null, $1, now())`,
    [JSON.stringify([{ name: 'echo', description: 'Says it again', readOnly: true }, { name: 'run' }])],
  );
});
afterAll(() => web.close());

async function get(path: string): Promise<unknown> {
  const response = await fetch(`${web.url}/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } });
  expect(response.status).toBe(200);
  return response.json();
}
const toolsOf = async (query: string) => defaultToolsSchema.parse(await get(`/system/default-tools${query}`));
const shown = ({ servers }: Awaited<ReturnType<typeof toolsOf>>) =>
  servers.map(({ name, used, only }) => [name, used, only]);

test('an alert type is investigated with the servers of its chain, narrowed as its agents are', async () => {
  const tools = await toolsOf('?alertType=SlowDns');
  expect(tools.chain).toBe('network');
  expect(shown(tools)).toEqual([
    ['box', true, ['echo']],
    ['cluster', true, null],
    ['spare', false, null],
  ]);
  expect(tools.servers[0]).toMatchObject({
    status: 'healthy',
    tools: [
      { name: 'echo', description: 'Says it again', readOnly: true },
      { name: 'run', description: '', readOnly: false },
    ],
  });
});

test('agents that name no server use all of them; an unknown type goes to the default chain', async () => {
  expect(shown(await toolsOf('?alertType=Odd')).map(([, used]) => used)).toEqual([true, true, true]);
  const none = await toolsOf('');
  expect(await toolsOf('?alertType=unheard-of')).toEqual(none);
  expect(none.chain).toBe('kubernetes');
});

test('the alert types that chains name', async () => {
  expect(await get('/alert-types')).toMatchObject({
    items: expect.arrayContaining([
      { name: 'Unreachable', chain: 'network', description: 'What does not reach what' },
      { name: 'Odd', chain: 'everything', description: null },
    ]),
    nextCursor: null,
  });
});
