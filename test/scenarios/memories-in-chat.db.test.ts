import { expect, test } from 'vitest';
import { createMemory } from '#src/features/memories/server/change-memory.ts';
import { itemsOf, resultsIn, sentText, useAgentRuns } from '../agent-runs.ts';
import { ask, waitForAnswer } from '../chat.ts';

const runs = useAgentRuns();
const REMEMBERED = 'Checkout pods crash after each rotation of the secret.';

test('an investigation is given what is remembered; its chat is not, and looks it up when it wants to know', async () => {
  await createMemory(runs.kernel, {
    projectId: runs.projectId,
    actor: 'ada',
    memory: { content: REMEMBERED, category: 'semantic', valence: 'neutral', confidence: 0.8 },
  });
  const run = await runs.run({
    script: ['It was restarted.'],
    alert: { title: 'Checkout pods crash', data: 'The checkout is down.' },
  });
  expect(sentText(run.requests[0])).toContain(REMEMBERED);

  const before = runs.model.requests.length;
  runs.model.setScript([
    {
      toolCalls: [
        { id: 'm', name: 'tars__recall_memories', arguments: { query: 'checkout pods crash' } },
        { id: 's', name: 'tars__search_past_sessions', arguments: { query: 'unheard of' } },
      ],
    },
    'After a rotation [tool: m].',
  ]);
  const turnId = await ask(runs.kernel, {
    projectId: runs.projectId,
    sessionId: run.sessionId,
    message: 'Do checkout pods crash after a rotation?',
  });
  expect(await waitForAnswer(runs.database, turnId)).toMatchObject({ status: 'completed' });
  const [first, second] = runs.model.requests.slice(before);
  expect(sentText(first)).not.toContain(REMEMBERED);
  expect(sentText(first)).not.toContain('DATA: memories');
  expect(resultsIn(second)).toMatchObject({
    m: expect.stringContaining(REMEMBERED),
    s: expect.stringContaining('No completed investigation holds all of these words.'),
  });
  // Noted once, with the investigation.
  const whole = { ...(await runs.read(run.sessionId)), requests: [], log: '' };
  expect(itemsOf(whole, 'memory_injected')).toHaveLength(1);
});
