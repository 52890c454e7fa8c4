import { describe, expect, test } from 'vitest';
import { cancelFollowUp } from '#src/features/follow-ups/server/index.ts';
import type { Scoring } from '#src/features/sessions/schema.ts';
import { listSessions } from '#src/features/sessions/server/index.ts';
import { newId } from '#src/server/ids.ts';
import { sentText, useAgentRuns } from '#test/agent-runs.ts';
import { postAlert, rowsOf, waitFor } from '#test/runs.ts';
import type { Score } from '../schema.ts';
import { listScores } from './list-scores.ts';
import { requestScore } from './request-score.ts';

const runs = useAgentRuns();

const chain = (scoring: Record<string, unknown>) => ({
  memory: { enabled: false },
  chains: {
    kubernetes: {
      stages: [{ name: 'look', agents: ['kubernetes'] }],
      executiveSummary: { enabled: false },
      scoring,
    },
  },
});
const dimension = { score: 70, comment: 'Fine.' };
const verdict = (changes: Record<string, unknown> = {}) =>
  JSON.stringify({
    dimensions: {
      outcome: dimension,
      evidence: dimension,
      toolUse: dimension,
      reasoning: dimension,
      completeness: dimension,
    },
    outcome: 'correct',
    total: 82,
    tags: ['incomplete_evidence'],
    analysis: 'The cause is right.',
    ...changes,
  });
const report = '{"missing": [{"tool": "node logs", "why": "The kubelet was silent."}], "improvements": []}';
const look = [
  { toolCalls: [{ id: 'c1', name: 'box__echo', arguments: { text: 'no key' } }] },
  'The key is missing. [tool: c1]\n\n## Root cause\nNo key. [tool: c1]\n\n## Confidence\nhigh',
];

const scoresOf = async (sessionId: string): Promise<Score[]> =>
  (await listScores(runs.kernel, { projectId: runs.projectId, sessionId })).items;
const newestEnded = (sessionId: string, count: number) =>
  waitFor(async () => {
    const open = await rowsOf(
      runs.database,
      `select 1 from follow_up where session_id = $1 and kind = 'score' and completed_at is null`,
      [sessionId],
    );
    if (open.length > 0) return null;
    const scores = await scoresOf(sessionId);
    return scores.length >= count && scores.every(({ completedAt }) => completedAt) ? scores[0] : null;
  }, 'the scoring did not end');
const request = (sessionId: string, projectId = runs.projectId) =>
  requestScore(runs.kernel, { projectId, sessionId, actor: 'ada' });
const sessionOf = async (sessionId: string) => {
  const { items } = await listSessions(runs.kernel, {
    projectId: runs.projectId,
    q: sessionId,
    limit: 1,
    sort: '-createdAt',
  });
  return items[0];
};
/** What the list can be narrowed by: written with the end of the work, right after the score. */
const waitForScoring = (sessionId: string, state: Scoring) =>
  waitFor(
    async () => ((await sessionOf(sessionId))?.scoring === state ? true : null),
    `session ${sessionId} is not "${state}"`,
  );

describe('by a judge', () => {
  test('a completed session is scored by itself where its chain says so', async () => {
    const run = await runs.run({ script: [...look, verdict(), report], config: chain({ enabled: true }) });
    const score = await newestEnded(run.sessionId, 1);
    expect(score).toMatchObject({
      status: 'completed',
      method: 'model',
      provider: 'main',
      model: 'scripted',
      total: 82,
      outcome: 'correct',
      dimensions: { evidence: { score: 70, comment: 'Fine.' } },
      tags: ['incomplete_evidence'],
      analysis: 'The cause is right.',
      toolReport: '## Missing tools\n- **node logs**: The kubelet was silent.',
      triggeredBy: 'automatic',
      promptHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      error: null,
    });
    expect((await sessionOf(run.sessionId))?.score).toBe(82);
    await waitForScoring(run.sessionId, 'scored');
    const judging = sentText(runs.model.requests.at(-2));
    for (const part of ['alert', 'tools per agent', 'timeline', 'final analysis'])
      expect(judging).toContain(`<<<BEGIN DATA: ${part}>>>`);
    expect(judging).toContain('kubernetes: box__');
    expect(judging).toContain('no key');
    const stages = await rowsOf<{ name: string; type: string; status: string; agent: string }>(
      runs.database,
      `select s.name, s.type, s.status, e.agent from stage s join execution e on e.stage_id = s.id
       where s.session_id = $1 order by s.index`,
      [run.sessionId],
    );
    expect(stages.at(-1)).toEqual({ name: 'scoring', type: 'scoring', status: 'completed', agent: 'judge' });
    const items = await rowsOf<{ content: string; data: { total: number } }>(
      runs.database,
      `select content, data from timeline_item where session_id = $1 and type = 'score'`,
      [run.sessionId],
    );
    expect(items).toMatchObject([
      { content: 'The cause is right.', data: { total: 82, outcome: 'correct', method: 'model' } },
    ]);
    const calls = await rowsOf<{ kind: string }>(
      runs.database,
      `select kind from llm_call where session_id = $1 order by started_at`,
      [run.sessionId],
    );
    expect(calls.slice(-2)).toEqual([{ kind: 'scoring' }, { kind: 'scoring' }]);
  });

  test('switched off it is scored when somebody asks, again and again; the history stays, the newest counts', async () => {
    const run = await runs.run({ script: look, config: chain({ enabled: false }) });
    expect(await scoresOf(run.sessionId)).toEqual([]);
    runs.model.setScript([verdict(), report]);
    await request(run.sessionId);
    await newestEnded(run.sessionId, 1);
    runs.model.setScript([verdict({ outcome: 'partial', total: 40 }), report]);
    const second = await request(run.sessionId);
    const newest = await newestEnded(run.sessionId, 2);
    expect(newest).toMatchObject({ id: second.scoreId, total: 40, triggeredBy: 'ada' });
    expect((await scoresOf(run.sessionId)).map(({ total }) => total)).toEqual([40, 82]);
    expect((await sessionOf(run.sessionId))?.score).toBe(40);
  });

  test('answers that cannot be used are sent back with what is wrong', async () => {
    const run = await runs.run({ script: look, config: chain({ enabled: false }) });
    runs.model.setScript(['About 80 of 100.', verdict({ outcome: 'wrong' }), verdict(), 'No tools.', report]);
    await request(run.sessionId);
    expect(await newestEnded(run.sessionId, 1)).toMatchObject({ status: 'completed', total: 82 });
    const last = runs.model.requests.slice(-5);
    expect(sentText(last[1])).toContain('there is no JSON object in it');
    expect(sentText(last[2])).toContain('contradicts the outcome');
  });

  test('a judge that never answers usably fails the scoring, and no number is made up', async () => {
    const run = await runs.run({ script: look, config: chain({ enabled: false }) });
    runs.model.setScript(['Good.', 'Very good.', 'Really.']);
    await request(run.sessionId);
    const score = await newestEnded(run.sessionId, 1);
    expect(score).toMatchObject({
      status: 'failed',
      total: null,
      error: expect.stringContaining('could not be used'),
    });
    const session = await sessionOf(run.sessionId);
    expect(session).toMatchObject({ status: 'completed', score: null });
    await waitForScoring(run.sessionId, 'failed');
    // It does not stand in the way of another try.
    runs.model.setScript([verdict(), report]);
    await request(run.sessionId);
    expect(await newestEnded(run.sessionId, 2)).toMatchObject({ status: 'completed', total: 82 });
  });

  test('a verdict without a report on the tools counts, and says so', async () => {
    const run = await runs.run({ script: look, config: chain({ enabled: false }) });
    runs.model.setScript([verdict(), 'None.', 'None.', 'None.']);
    await request(run.sessionId);
    expect(await newestEnded(run.sessionId, 1)).toMatchObject({
      status: 'completed',
      total: 82,
      toolReport: null,
      error: expect.stringMatching(/^No report on the tools: /),
    });
  });

  test('refused: unfinished sessions, a second one at the same time, sessions of others', async () => {
    runs.model.setScript([
      { startGate: 'go', text: 'Fine.' },
      { startGate: 'judge', text: verdict() },
      report,
    ]);
    const sessionId = await postAlert(runs.kernel, runs.projectId);
    await expect(request(sessionId)).rejects.toMatchObject({ code: 'conflict' });
    runs.model.release('go');
    await waitFor(async () => ((await sessionOf(sessionId))?.status === 'completed' ? true : null), 'no end');
    await request(sessionId);
    await expect(request(sessionId)).rejects.toThrow('being scored already');
    await expect(request(newId())).rejects.toMatchObject({ code: 'not_found' });
    runs.model.release('judge');
    await newestEnded(sessionId, 1);
  });

  test("one that was cancelled stands in nobody's way", async () => {
    const run = await runs.run({ script: look, config: chain({ enabled: false }) });
    runs.model.setScript([{ startGate: 'held', text: verdict() }]);
    await request(run.sessionId);
    await runs.model.waitForBlocked('held');
    await waitForScoring(run.sessionId, 'running');
    const [followUp] = await rowsOf<{ id: string }>(
      runs.database,
      `select id from follow_up where session_id = $1 and kind = 'score'`,
      [run.sessionId],
    );
    await cancelFollowUp(runs.kernel, {
      projectId: runs.projectId,
      sessionId: run.sessionId,
      followUpId: followUp?.id ?? '',
      kind: 'score',
      actor: 'bob',
      what: 'Scoring',
    });
    // The worker hears of it a moment later: an answer that came before that would have been taken.
    expect(await newestEnded(run.sessionId, 1)).toMatchObject({ status: 'cancelled', total: null });
    runs.model.release('held');
    await waitForScoring(run.sessionId, 'not_scored');
    runs.model.setScript([verdict(), report]);
    await request(run.sessionId);
    expect(await newestEnded(run.sessionId, 2)).toMatchObject({ status: 'completed' });
  });
});

test('without a model: a score by rules that says what it is', async () => {
  const run = await runs.run({ script: look, config: chain({ enabled: true, llmProvider: 'offline' }) });
  const score = await newestEnded(run.sessionId, 1);
  expect(score).toMatchObject({
    method: 'rules',
    provider: 'offline',
    promptHash: 'rules-2',
    outcome: 'correct',
    dimensions: { evidence: { score: 100, comment: '1 of 1 statement refer to a tool result that exists.' } },
    toolReport: null,
  });
  expect(score?.analysis).toContain('without a language model');
});

test('memories are drawn from a scored session', async () => {
  const run = await runs.run({
    script: [...look, verdict(), report, '{"create": [{"content": "Keys of checkout go missing."}]}'],
    config: { ...chain({ enabled: true }), memory: { enabled: true } },
  });
  const memory = await waitFor(async () => {
    const [row] = await rowsOf<{ content: string; author: string }>(
      runs.database,
      'select content, author from memory where source_session_id = $1',
      [run.sessionId],
    );
    return row;
  }, 'nothing was learned');
  expect(memory).toEqual({ content: 'Keys of checkout go missing.', author: 'judge (scripted)' });
  expect(sentText(runs.model.requests.at(-1))).toContain("BEGIN DATA: judge's opinion");
});
