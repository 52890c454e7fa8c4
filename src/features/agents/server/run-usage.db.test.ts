import { describe, expect, test } from 'vitest';
import { readSession } from '#src/features/sessions/server/read/read-session.ts';
import { readUsage } from '#src/features/usage/server/read-usage.ts';
import { useAgentRuns } from '#test/agent-runs.ts';
import { rowsOf } from '#test/runs.ts';

const runs = useAgentRuns();
const usage = { inputTokens: 1000, cachedInputTokens: 400, outputTokens: 200, reasoningTokens: 50 };
const script = [
  { toolCalls: [{ id: 'a', name: 'box__echo', arguments: { text: 'hello' } }], usage },
  { text: 'Hello [tool: a].', usage },
];

async function usageOf(provider: Record<string, unknown>) {
  const { sessionId } = await runs.run({ script, config: { llmProviders: { main: provider } } });
  const { usage } = await readSession(runs.kernel, { projectId: runs.projectId, sessionId });
  const calls = await rowsOf(
    runs.database,
    `select input_tokens, cached_input_tokens, output_tokens, reasoning_tokens, cost_usd from llm_call
     where session_id = $1 order by started_at`,
    [sessionId],
  );
  return { usage, calls };
}

describe('what a session has used', () => {
  test('is priced by the configuration, cached and thinking tokens included', async () => {
    const pricePerMillion = { input: 10, output: 20, cachedInput: 1 };
    const { usage, calls } = await usageOf(runs.provider({ pricePerMillion }));
    const cost = (600 * 10 + 400 * 1 + 200 * 20) / 1_000_000;
    const row = { input_tokens: 1000, cached_input_tokens: 400, output_tokens: 200, reasoning_tokens: 50 };
    expect(calls).toEqual([
      { ...row, cost_usd: cost },
      { ...row, cost_usd: cost },
    ]);
    expect(usage).toMatchObject({ inputTokens: 2000, outputTokens: 400, unpricedCalls: 0 });
    expect(usage.costUsd).toBeCloseTo(2 * cost);
  });

  test('counts tokens only where no price is known, and says for how many calls', async () => {
    const { usage, calls } = await usageOf(runs.provider());
    expect(calls.map((call) => call.cost_usd)).toEqual([null, null]);
    expect(usage).toEqual({ inputTokens: 2000, outputTokens: 400, costUsd: 0, unpricedCalls: 2 });
  });

  test('is in the report of its day, each call under its kind', async () => {
    const run = await runs.run({
      script: [...script, 'In short: hello.'],
      alert: { alertType: 'OnlyInThisTest' },
      config: {
        defaults: { llmProvider: 'main', chain: 'kubernetes' },
        chains: { kubernetes: { stages: [{ name: 'look', agents: ['kubernetes'] }] } },
      },
    });
    expect(run.status).toBe('completed');
    const filter = { projectId: runs.projectId, alertType: 'OnlyInThisTest' };
    const report = await readUsage(runs.kernel, { ...filter, rankBy: 'tokens', top: 5 });
    expect(report.totals).toMatchObject({ calls: 3, sessions: 1, unpricedCalls: 3 });
    expect(report.totals).toMatchObject({ cachedInputTokens: 800, reasoningTokens: 100 });
    expect(report.byDay.reduce((sum, day) => sum + day.calls, 0)).toBe(3);
    expect(report.byKind.map((row) => [row.kind, row.calls])).toEqual([
      ['iteration', 2],
      ['executive_summary', 1],
    ]);
    expect(report.topSessions[0]?.id).toBe(run.sessionId);
  });

  test('is free with the offline analyst', async () => {
    const { usage } = await usageOf({ type: 'offline', model: 'analyst' });
    expect(usage).toMatchObject({ costUsd: 0, unpricedCalls: 0 });
  });
});
