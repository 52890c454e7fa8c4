import { expect } from 'vitest';
import { rowsOf, waitFor, waitForEnd } from '../runs.ts';
import { crashTest, RESUME_LIMIT_MS } from './crash-test.ts';

const dimension = { score: 70, comment: 'Fine.' };
const verdict = JSON.stringify({
  dimensions: {
    outcome: dimension,
    evidence: dimension,
    toolUse: dimension,
    reasoning: dimension,
    completeness: dimension,
  },
  outcome: 'correct',
  total: 82,
  tags: [],
  analysis: 'The cause is right.',
});
const lessons = '{"create": [{"content": "Disks of checkout fill up."}]}';
const held = (gate: string, text: string) => ({
  steps: [
    { type: 'text' as const, text: text.slice(0, 5) },
    { type: 'block' as const, gate },
  ],
});

crashTest(
  'killed while a judge answers, and again while a memory is drawn: scored once, learned once',
  {
    config: {
      chains: {
        kubernetes: {
          alertTypes: ['kubernetes'],
          stages: [{ name: 'analysis', agents: [{ name: 'kubernetes' }] }],
          executiveSummary: { enabled: false },
          scoring: { enabled: true },
        },
      },
    },
    script: {
      rules: [
        { when: { contains: 'TARS-TASK: scoring', assistantTurns: 0 }, turn: verdict },
        {
          when: { contains: 'TARS-TASK: scoring', assistantTurns: 1 },
          times: 1,
          turn: held('never', '{"missing"'),
        },
        { when: { contains: 'TARS-TASK: scoring' }, turn: '{"missing": [], "improvements": []}' },
        { when: { contains: 'TARS-TASK: memory' }, times: 1, turn: held('nor this', lessons) },
        { when: { contains: 'TARS-TASK: memory' }, turn: lessons },
      ],
      fallback: 'The disk was full.',
    },
  },
  async (bed) => {
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
    await bed.model.waitForBlocked('never', 30_000);
    await first.kill();
    const second = await bed.startWorker();
    await bed.model.waitForBlocked('nor this', RESUME_LIMIT_MS + 20_000);
    const scores = () =>
      rowsOf<{ status: string; total: number }>(
        bed.database,
        'select status, total from score where session_id = $1',
        [sessionId],
      );
    expect(await scores()).toEqual([{ status: 'completed', total: 82 }]);
    await second.kill();
    await bed.startWorker();
    const followUps = await waitFor(
      async () => {
        const rows = await rowsOf<{ kind: string; status: string }>(
          bed.database,
          'select kind, status from follow_up where session_id = $1 order by arrival',
          [sessionId],
        );
        return rows.every(({ status }) => status === 'completed') ? rows : null;
      },
      'the work after the end did not end',
      RESUME_LIMIT_MS + 20_000,
    );
    expect(followUps).toEqual([
      { kind: 'score', status: 'completed' },
      { kind: 'reflection', status: 'completed' },
    ]);
    expect(await scores()).toEqual([{ status: 'completed', total: 82 }]);
    const items = await rowsOf<{ type: string }>(
      bed.database,
      `select i.type from timeline_item i join stage s on s.id = i.stage_id
       where s.session_id = $1 and s.type = 'scoring' and i.status = 'completed' order by i.seq`,
      [sessionId],
    );
    expect(items.map(({ type }) => type)).toEqual(['score', 'response']);
    expect(await rowsOf(bed.database, 'select content from memory')).toEqual([
      { content: 'Disks of checkout fill up.' },
    ]);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);
