import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { finishEvaluation, recordResult, startEvaluation } from '#src/features/evaluations/server/index.ts';
import { useAgentRuns } from '../agent-runs.ts';
import { writeConfig } from '../kernel.ts';
import { urlFixture } from '../mcp-servers/fixture-config.ts';
import { rowsOf, statusOf, waitFor } from '../runs.ts';
import { connectClient, eventually } from '../socket-client.ts';
import { startTestWeb, type TestWeb } from '../web/start-test-web.ts';

/** What programs and pages are told of money, with `costs.enabled` off and on over the same sessions. */

const runs = useAgentRuns();
const usage = { inputTokens: 1_000, outputTokens: 200 };
const look = (id: string) => ({
  text: `I look at ${id}.`,
  usage,
  // An argument of this name is the tool's business, and stays.
  toolCalls: [{ id, name: 'box__echo', arguments: { text: id, costUsd: 7 } }],
});
const config = (costs: { enabled: boolean }) => ({
  costs,
  defaults: { llmProvider: 'main', maxIterations: 2, onIterationLimit: 'pause' },
  llmProviders: { main: runs.provider({ pricePerMillion: { input: 10, output: 20 } }) },
  mcpServers: { box: urlFixture('http', runs.box.url) },
  chains: {
    kubernetes: { stages: [{ name: 'look', agents: ['kubernetes'] }], executiveSummary: { enabled: false } },
  },
});

type Viewer = { web: TestWeb; authorization: string };
let hidden: Viewer;
let shown: Viewer;
let slug: string;
let ended: string;
let paused: string;

async function openViewer(costs: { enabled: boolean }): Promise<Viewer> {
  const web = await startTestWeb(runs.database, { configDir: await writeConfig(config(costs)) });
  return { web, authorization: `Bearer ${await web.key(runs.projectId, 'operator')}` };
}

beforeAll(async () => {
  const off = config({ enabled: false });
  ({ sessionId: ended } = await runs.run({ config: off, script: [look('a'), { text: 'Done.', usage }] }));
  paused = await runs.start({ config: off, script: [look('a'), look('b')] });
  await waitFor(
    async () => ((await statusOf(runs.database, paused)) === 'waiting' ? true : null),
    'the agent does not pause',
  );
  const [project] = await rowsOf<{ slug: string }>(runs.database, 'select slug from project where id = $1', [
    runs.projectId,
  ]);
  slug = project?.slug ?? '';
  [hidden, shown] = await Promise.all([openViewer({ enabled: false }), openViewer({ enabled: true })]);
});
afterAll(async () => {
  await Promise.all([hidden?.web.close(), shown?.web.close()]);
});

async function get({ web, authorization }: Viewer, path: string): Promise<unknown> {
  const response = await fetch(`${web.url}/api/v1${path}`, { headers: { authorization } });
  expect(response.status, path).toBe(200);
  return response.json();
}

/** The dotted places of keys that tell of money, but for those in what a tool was called with. */
function moneyIn(value: unknown, place = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = Array.isArray(value) ? `${place}[]` : `${place}.${key}`;
    return [...(/cost|unpriced/i.test(key) ? [here] : []), ...moneyIn(inner, here)];
  });
}
const isOfTool = (place: string) => /arguments\.costUsd$|input\.costUsd$/.test(place);
const money = (value: unknown) => [...new Set(moneyIn(value).filter((place) => !isOfTool(place)))];

const paths = () => ({
  list: '/sessions',
  active: '/sessions/active',
  session: `/sessions/${ended}`,
  pausedSession: `/sessions/${paused}`,
  events: `/sessions/${ended}/events`,
  trace: `/sessions/${ended}/trace`,
  usage: '/usage',
});

test.each(['list', 'active', 'session', 'pausedSession', 'events', 'trace', 'usage'] as const)(
  'is in the %s where costs are shown, and nowhere where they are not',
  async (name) => {
    const path = paths()[name];
    expect(money(await get(shown, path))).not.toEqual([]);
    expect(money(await get(hidden, path))).toEqual([]);
  },
);

// The facts of a pause are `arguments`, too: these are looked at on their own.
const factsSchema = z.object({
  items: z.array(z.object({ kind: z.string().optional(), arguments: z.looseObject({}) })),
});
const timelineSchema = z.object({
  items: z.array(z.object({ data: z.looseObject({ arguments: z.looseObject({}).optional() }) })),
});

test('an agent at its limit tells tokens, and money only where it is shown', async () => {
  const requests = (viewer: Viewer) =>
    get(viewer, '/approvals').then((body) => factsSchema.parse(body).items.map((item) => item.arguments));
  const session = (viewer: Viewer) =>
    get(viewer, `/sessions/${paused}`).then((body) =>
      z
        .object({ pendingApprovals: z.array(z.object({ arguments: z.looseObject({}) })) })
        .parse(body)
        .pendingApprovals.map((item) => item.arguments),
    );
  const items = (viewer: Viewer) =>
    get(viewer, `/sessions/${paused}/timeline`).then((body) =>
      timelineSchema
        .parse(body)
        .items.flatMap(({ data }) => (data.kind === 'pause' && data.arguments ? [data.arguments] : [])),
    );
  const facts = { iterations: 2, tokens: 2_400, found: 'I look at b.' };
  for (const read of [requests, session, items]) {
    expect(await read(shown)).toMatchObject([{ ...facts, costUsd: 0.028, unpricedCalls: 0 }]);
    const [told] = await read(hidden);
    expect(told).toMatchObject(facts);
    expect(told).not.toHaveProperty('costUsd');
    expect(told).not.toHaveProperty('unpricedCalls');
  }
});

test("a tool's own argument of that name stays where it is", async () => {
  expect(JSON.stringify(await get(hidden, `/sessions/${ended}/timeline`))).toContain('"costUsd":7');
});

test('events on the socket are those of REST', async () => {
  for (const viewer of [shown, hidden]) {
    const client = connectClient(viewer.web.url, { authorization: viewer.authorization });
    try {
      for (const sessionId of [ended, paused]) {
        const joined = await client.join({ project: slug, sessionId, after: 0 });
        const latest = joined.ok ? joined.latest : Number.NaN;
        await eventually('all events', () => client.events.get(sessionId)?.at(-1)?.seq === latest);
        const { items } = z
          .object({ items: z.array(z.unknown()) })
          .parse(await get(viewer, `/sessions/${sessionId}/events?limit=500`));
        expect(client.events.get(sessionId)).toEqual(items);
      }
    } finally {
      client.close();
    }
  }
});

test('nothing is sorted or ranked by what is not shown', async () => {
  const status = async (path: string) => {
    const { web, authorization } = hidden;
    return (await fetch(`${web.url}/api/v1${path}`, { headers: { authorization } })).status;
  };
  expect(await Promise.all(['/sessions?sort=-cost', '/usage?rankBy=cost'].map(status))).toEqual([400, 400]);
  expect(await Promise.all(['/sessions?sort=duration', '/usage?rankBy=tokens'].map(status))).toEqual([
    200, 200,
  ]);
});

test('an evaluation tells what passed, and money only where it is shown', async () => {
  const { kernel } = runs;
  const evaluation = await startEvaluation(kernel, {
    provider: 'main',
    model: 'scripted',
    chain: 'kubernetes',
    runs: 1,
    planned: 1,
  });
  const result = {
    scenario: 'full-disk',
    title: 'A full disk',
    difficulty: 'easy' as const,
    attempt: 1,
    sessionId: null,
    passed: true,
    failures: [],
    inputTokens: 1_000,
    outputTokens: 200,
    costUsd: 0.014,
    durationMs: 900,
  };
  await recordResult(kernel, { evaluationId: evaluation.id, result });
  await finishEvaluation(kernel, { evaluationId: evaluation.id, end: { status: 'completed' } });
  await evaluation.release();
  for (const path of ['/evaluations', `/evaluations/${evaluation.id}`]) {
    const [told, withheld] = await Promise.all(
      [shown, hidden].map(async ({ web }) => {
        const authorization = `Bearer ${await web.key(evaluation.projectId, 'viewer')}`;
        return get({ web, authorization }, path);
      }),
    );
    expect(money(told)).not.toEqual([]);
    expect(money(withheld)).toEqual([]);
    expect(JSON.stringify(withheld)).toContain('"passed":1');
  }
});
