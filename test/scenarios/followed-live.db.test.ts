import { join } from 'node:path';
import { expect } from 'vitest';
import { z } from 'zod';
import { acceptedAlertSchema } from '#src/features/alerts/schema.ts';
import type { SessionEvent, SessionSnapshot } from '#src/features/sessions/schema.ts';
import { readSnapshot } from '#src/features/sessions/server/read/read-snapshot.ts';
import { applyEvents, stateFromSnapshot } from '#src/features/sessions/session-state.ts';
import type { CrashBed } from '../crash/crash-bed.ts';
import { crashTest } from '../crash/crash-test.ts';
import type { Script } from '../llm-protocol/start-protocol-server.ts';
import { rowsOf, waitFor, waitForEnd } from '../runs.ts';
import { connectClient, eventually, type SocketClient } from '../socket-client.ts';
import { startTestWeb, type TestWeb } from '../web/start-test-web.ts';

/** What browsers see of a run that a worker process does, over the real socket and REST of web processes without a worker. */

type Viewers = {
  slug: string;
  webs: TestWeb[];
  clients: SocketClient[];
  rest(web: TestWeb | undefined, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
};

/** `count` web processes on the bed's database, and a client on each. */
async function withViewers(bed: CrashBed, count: number, look: (viewers: Viewers) => Promise<void>) {
  const webs = await Promise.all(
    Array.from({ length: count }, () => startTestWeb(bed.database, { configDir: bed.configDir })),
  );
  const [first] = webs;
  const [project] = await rowsOf<{ slug: string }>(bed.database, 'select slug from project where id = $1', [
    bed.projectId,
  ]);
  const authorization = `Bearer ${await first?.key(bed.projectId, 'operator')}`;
  const clients = webs.map((web) => connectClient(web.url, { authorization }));
  try {
    await look({
      slug: project?.slug ?? '',
      webs,
      clients,
      async rest(web, path, body) {
        const response = await fetch(`${web?.url}/api/v1${path}`, {
          method: body === undefined ? 'GET' : 'POST',
          headers: { authorization, 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        return { status: response.status, body: await response.json() };
      },
    });
  } finally {
    for (const client of clients) client.close();
    await Promise.all(webs.map((web) => web.close()));
  }
}

const received = (client: SocketClient, sessionId: string): SessionEvent[] =>
  client.events.get(sessionId) ?? [];
const ofType = <T extends SessionEvent['type']>(events: SessionEvent[], type: T) =>
  events.filter((event): event is Extract<SessionEvent, { type: T }> => event.type === type);

/** Waits until the client has all there is, and compares what it makes of it with what is stored. */
async function expectSameAsStored(
  bed: CrashBed,
  opened: SessionSnapshot,
  client: SocketClient,
): Promise<SessionEvent[]> {
  const key = { projectId: bed.projectId, sessionId: opened.session.id };
  const stored = await readSnapshot(bed.kernel, key);
  await eventually(
    `event ${stored.cursor} at the client`,
    () => (received(client, key.sessionId).at(-1)?.seq ?? 0) >= stored.cursor,
  );
  const events = received(client, key.sessionId);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => opened.cursor + 1 + index));
  const seen = applyEvents(stateFromSnapshot(opened), events);
  expect(seen.items).toEqual(stored.items);
  expect(seen.session.stages).toEqual(stored.session.stages);
  expect(seen.session).toMatchObject({
    status: stored.session.status,
    finalAnalysis: stored.session.finalAnalysis,
    executiveSummary: stored.session.executiveSummary,
    counts: stored.session.counts,
  });
  return events;
}

const speaking = (gate: string) => ({
  steps: [
    { type: 'text' as const, text: 'Looking at the pods ' },
    { type: 'block' as const, gate },
  ],
});

crashTest(
  'two web processes without a worker: both see the run as it goes, and a cancellation at one reaches the worker',
  {
    script: () => speaking('never'),
    config: {
      agents: { one: {}, two: {} },
      chains: {
        kubernetes: {
          alertTypes: ['kubernetes'],
          stages: [{ name: 'look', agents: ['one', 'two'] }],
          executiveSummary: { enabled: false },
        },
      },
    },
  },
  (bed) =>
    withViewers(bed, 2, async ({ slug, webs, clients, rest }) => {
      const isListening = async ({ url }: TestWeb) =>
        JSON.stringify(await (await fetch(`${url}/api/health`)).json()).includes('"listening"');
      await eventually('both web processes listen', async () =>
        (await Promise.all(webs.map(isListening))).every(Boolean),
      );
      await Promise.all(clients.map((client) => client.joinProject(slug)));
      const posted = await rest(webs[0], '/alerts', { data: 'The checkout is down.' });
      const { sessionId } = acceptedAlertSchema.parse(posted.body);
      if (!sessionId) throw new Error('the alert has no session');
      await eventually('both lists hear of it', () =>
        clients.every(({ changes }) => changes.flat().includes(sessionId)),
      );
      const opened = await readSnapshot(bed.kernel, { projectId: bed.projectId, sessionId });
      for (const client of clients)
        expect(await client.join({ project: slug, sessionId, after: opened.cursor })).toMatchObject({
          ok: true,
        });
      await bed.startWorker();
      await eventually(
        'both clients read the answers of both agents as they are written',
        () =>
          clients.every(
            (client) =>
              new Set(ofType(received(client, sessionId), 'item.delta').map(({ payload }) => payload.itemId))
                .size === 2,
          ),
        30_000,
      );

      expect((await rest(webs[1], `/sessions/${sessionId}/cancel`, {})).status).toBe(200);
      expect(await waitForEnd(bed.database, sessionId)).toBe('cancelled');
      const [first = [], second] = await Promise.all(
        clients.map((client) => expectSameAsStored(bed, opened, client)),
      );
      expect(second).toEqual(first);
      const statuses = ofType(first, 'session.patch').flatMap(({ payload }) => payload.status ?? []);
      expect(statuses.at(-1)).toBe('cancelled');
      const ended = await rest(webs[0], `/sessions/${sessionId}`);
      expect(ended.body).toMatchObject({
        status: 'cancelled',
        stages: [{ status: 'cancelled', executions: [{ status: 'cancelled' }, { status: 'cancelled' }] }],
      });
      expect(await bed.violations(sessionId)).toEqual([]);
    }),
);

const verdict = JSON.stringify({
  dimensions: Object.fromEntries(
    ['outcome', 'evidence', 'toolUse', 'reasoning', 'completeness'].map((name) => [
      name,
      { score: 70, comment: 'Fine.' },
    ]),
  ),
  outcome: 'correct',
  total: 82,
  tags: [],
  analysis: 'The cause is right.',
});
const wholeScript =
  (path: string): Script =>
  ({ conversation, assistantTurns }) => {
    const { system } = conversation;
    const task = conversation.messages[0]?.text ?? '';
    const isTask = (name: string) => task.startsWith(`TARS-TASK: ${name}`);
    if (isTask('executive_summary')) return 'In short: the key.';
    if (isTask('synthesis')) return 'Together: the key is missing.';
    if (isTask('summarization')) return 'The output repeats one line.';
    if (isTask('chat')) return 'Because nobody looked.';
    if (system.includes('You are one.') && assistantTurns === 0)
      return { toolCalls: [{ id: 'b', name: 'box__big', arguments: { bytes: 3_000 } }] };
    if (system.includes('You are the fixer.'))
      return assistantTurns === 0
        ? { toolCalls: [{ id: 'w', name: 'box__write', arguments: { path, text: 'the key' } }] }
        : 'I restored the key.\n\nYES';
    if (system.includes('You are one.') || system.includes('You are two.')) return 'The key is missing.';
    return assistantTurns === 0 ? verdict : '{"missing": [], "improvements": []}';
  };

crashTest(
  'a session with everything in it, from alert to score: the socket tells each entry once, and REST the same',
  {
    box: { summarization: { thresholdTokens: 200, maxTokens: 100 } },
    config: {
      memory: { enabled: false },
      // No chain asks for scores: what holds for all does.
      defaults: { llmProvider: 'main', scoring: { enabled: true } },
      agents: {
        one: { instructions: 'You are one.' },
        two: { instructions: 'You are two.' },
        fixer: { type: 'action', instructions: 'You are the fixer.' },
      },
      chains: {
        kubernetes: {
          alertTypes: ['kubernetes'],
          stages: [
            { name: 'look', agents: ['one', 'two'] },
            { name: 'act', agents: ['fixer'] },
          ],
        },
      },
    },
  },
  (bed) =>
    withViewers(bed, 1, async ({ slug, webs: [web], clients: [client], rest }) => {
      if (!client) throw new Error('nobody looks');
      bed.model.setScript(wholeScript(join(bed.directory, 'key')));
      const sessionId = await bed.post();
      const opened = await readSnapshot(bed.kernel, { projectId: bed.projectId, sessionId });
      await client.join({ project: slug, sessionId, after: opened.cursor });
      await bed.startWorker();
      expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
      expect((await rest(web, `/sessions/${sessionId}/chat`, { message: 'Why?' })).status).toBe(202);
      await waitFor(async () => {
        const open = await rowsOf(
          bed.database,
          `select 1 from follow_up where session_id = $1 and completed_at is not null`,
          [sessionId],
        );
        return open.length === 2 ? true : null;
      }, 'chat and scoring did not end');

      const events = await expectSameAsStored(bed, opened, client);
      const types = new Map(
        ofType(events, 'stage.upsert').map(({ payload }) => [payload.id, [payload.type, payload.status]]),
      );
      expect([...types.values()].sort()).toEqual([
        ['action', 'completed'],
        ['chat', 'completed'],
        ['investigation', 'completed'],
        ['scoring', 'completed'],
        ['summary', 'completed'],
        ['synthesis', 'completed'],
      ]);
      // Each entry of the timeline began once, and what began open was closed once.
      const started = ofType(events, 'item.started');
      const { items } = z
        .object({ items: z.array(z.object({ id: z.string(), type: z.string(), status: z.string() })) })
        .parse((await rest(web, `/sessions/${sessionId}/timeline?limit=200`)).body);
      expect(started.map(({ payload }) => payload.id).sort()).toEqual(items.map(({ id }) => id).sort());
      expect(items.filter(({ status }) => status === 'streaming')).toEqual([]);
      const closed = ofType(events, 'item.completed').map(({ payload }) => payload.itemId);
      expect(closed.sort()).toEqual(
        started
          .filter(({ payload }) => payload.status === 'streaming')
          .map(({ payload }) => payload.id)
          .sort(),
      );
      // The summary of the long result was seen as it was written.
      const summary = started.find(({ payload }) => payload.type === 'tool_summary')?.payload.id;
      expect(ofType(events, 'item.delta').some(({ payload }) => payload.itemId === summary)).toBe(true);

      const trace = z
        .object({ items: z.array(z.object({ kind: z.enum(['llm', 'tool']) })) })
        .parse((await rest(web, `/sessions/${sessionId}/trace?limit=100`)).body).items;
      expect(trace.filter(({ kind }) => kind === 'llm')).toHaveLength(bed.model.requests.length);
      expect(trace.filter(({ kind }) => kind === 'tool')).toHaveLength(
        items.filter(({ type }) => type === 'tool_call').length,
      );
      // The one that acts knew what was found, and its closing word is read and taken away.
      const acting = bed.model.requests.find(({ conversation }) => conversation.system.includes('fixer'));
      expect(acting?.conversation.system).toContain('You may change systems, within these bounds');
      expect(acting?.conversation.messages[0]?.text).toContain('Together: the key is missing.');
      expect((await rest(web, `/sessions/${sessionId}`)).body).toMatchObject({
        finalAnalysis: 'I restored the key.',
        executiveSummary: 'In short: the key.',
        score: 82,
      });
      expect(
        ofType(events, 'stage.upsert').findLast(({ payload }) => payload.type === 'action')?.payload,
      ).toMatchObject({ actionsExecuted: true });
      expect(await bed.violations(sessionId)).toEqual([]);
    }),
);
