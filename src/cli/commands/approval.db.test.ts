import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPendingApprovals } from '#src/features/sessions/server/index.ts';
import { useAgentRuns } from '#test/agent-runs.ts';
import { runTars } from '#test/run-tars.ts';
import { statusOf, waitFor, waitForEnd } from '#test/runs.ts';
import { startTestWeb, type TestWeb } from '#test/web/start-test-web.ts';

const runs = useAgentRuns();
let web: TestWeb;
let key: string;

beforeAll(async () => {
  web = await startTestWeb(runs.database);
  key = await web.key(runs.projectId, 'operator');
});
afterAll(() => web?.close());

const tars = (...args: string[]) => runTars([...args, '--url', web.url, '--key', key]);

type Script = Parameters<typeof runs.start>[0]['script'];
async function startWaiting(script: Script, config = {}): Promise<{ sessionId: string; id: string }> {
  const sessionId = await runs.start({ script, config });
  return waitFor(async () => {
    const [request] = await readPendingApprovals(runs.database.pool, sessionId);
    return request && (await statusOf(runs.database, sessionId)) === 'waiting'
      ? { sessionId, id: request.id }
      : null;
  }, 'nothing waits');
}
const write = (id: string) => ({
  text: '',
  toolCalls: [{ id, name: 'box__write', arguments: { text: id } }],
});

test('what waits is listed with what somebody must know, and approved by its id, once', async () => {
  const { sessionId, id } = await startWaiting([write('a'), 'Written.']);
  const listed = await tars('approval', 'list');
  expect(listed.code).toBe(0);
  expect(listed.out).toContain('Approval needed: kubernetes in ');
  expect(listed.out).toContain(`session ${sessionId}`);
  expect(listed.out).toContain('box.write {"text":"a"}');
  expect(listed.out).toContain(`tars approval approve ${id}, or deny ${id} --reason TEXT`);
  expect((await tars('session', 'show', sessionId)).out).toContain(`tars approval approve ${id}`);

  const approved = await tars('approval', 'approve', id);
  expect(approved.code).toBe(0);
  expect(approved.out).toMatch(/^Approved by key:operator at \S+\.\n$/);
  expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
  const late = await tars('approval', 'deny', id);
  expect(late.code).toBe(1);
  expect(late.err).toContain('key:operator');
  expect((await tars('approval', 'list')).out).toBe('Nothing waits for a decision.\n');
  expect((await tars('approval', 'list', '--limit', 'all')).code).toBe(2);
  expect((await tars('approval', 'list', '--all')).out).toContain('Approved by key:operator at ');
});

test('a denial carries its reason to the model, and the log of the session tells all of it', async () => {
  const { sessionId, id } = await startWaiting([write('b'), 'I leave it.']);
  expect((await tars('approval', 'deny', id, '--reason', 'not in business hours')).out).toContain(
    ': not in business hours.',
  );
  expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
  expect(JSON.stringify(runs.model.requests.at(-1)?.body)).toContain('not in business hours');
  const watched = (await tars('session', 'watch', sessionId)).out;
  expect(watched).toContain('-- Approval needed: box.write {"text":"b"}');
  expect(watched).toContain(`decide: tars approval approve ${id}`);
  expect(watched).toContain('-- Denied by key:operator: not in business hours');
});

test('a question is answered, and a paused agent goes on', async () => {
  const question = await startWaiting([
    {
      text: '',
      toolCalls: [
        {
          id: 'q',
          name: 'tars__ask_person',
          arguments: { question: 'Which region?', options: ['eu', 'us'] },
        },
      ],
    },
    'It is eu.',
  ]);
  expect((await tars('approval', 'list', '--session', question.sessionId)).out).toMatch(
    /A question for you: .*\n.*\n {2}Which region\?\n {2}- eu\n {2}- us\n {2}decide: tars approval answer/,
  );
  expect((await tars('approval', 'answer', question.id, 'eu,', 'always')).code).toBe(0);
  expect(await waitForEnd(runs.database, question.sessionId)).toBe('completed');

  const pause = await startWaiting(
    [{ text: 'I look.', toolCalls: [{ id: 'l', name: 'box__echo', arguments: { text: 'l' } }] }, 'Found it.'],
    { defaults: { llmProvider: 'main', maxIterations: 1, onIterationLimit: 'pause' } },
  );
  expect((await tars('approval', 'list')).out).toContain('It said last: I look.');
  expect((await tars('approval', 'approve', pause.id)).code).toBe(1);
  expect((await tars('approval', 'continue', pause.id, '--iterations', 'many')).code).toBe(2);
  expect((await tars('approval', 'continue', pause.id, '--iterations', '3')).out).toContain(
    'Continued by key:operator',
  );
  expect(await waitForEnd(runs.database, pause.sessionId)).toBe('completed');
});
