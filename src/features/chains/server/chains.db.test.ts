import { describe, expect, test } from 'vitest';
import { type FinishedRun, itemsOf, useAgentRuns } from '#test/agent-runs.ts';
import { urlFixture } from '#test/mcp-servers/fixture-config.ts';
import { rowsOf } from '#test/runs.ts';

const runs = useAgentRuns();
const agents = {
  quick: { instructions: 'You are quick.' },
  careful: { instructions: 'You are careful.' },
  fixer: { type: 'action', instructions: 'You are a fixer.' },
};
const chain = (stages: unknown[], changes: Record<string, unknown> = {}) => ({
  agents,
  chains: { kubernetes: { stages, executiveSummary: { enabled: false }, ...changes } },
});
const stagesOf = (run: FinishedRun) =>
  rowsOf<{
    name: string;
    type: string;
    status: string;
    parallel: string | null;
    skipped: string | null;
    actions_executed: boolean | null;
    error: string | null;
  }>(
    runs.database,
    'select name, type, status, parallel, skipped, actions_executed, error from stage where session_id = $1 order by index',
    [run.sessionId],
  );
const statusReasonOf = async (run: FinishedRun) =>
  (
    await rowsOf<{ status_reason: string | null }>(
      runs.database,
      'select status_reason from session where id = $1',
      [run.sessionId],
    )
  )[0]?.status_reason;
const firstText = (request: FinishedRun['requests'][number] | undefined) =>
  request?.conversation.messages[0]?.text ?? '';
const requestOf = (run: FinishedRun, task: string) =>
  run.requests.find((request) => firstText(request).startsWith(`TARS-TASK: ${task}`));

describe('synthesis', () => {
  test('reads every agent, failed ones with their error, and speaks for the stage from then on', async () => {
    const run = await runs.run({
      script: {
        rules: [
          {
            when: { systemContains: 'You are careful.' },
            turn: { httpError: { status: 400, message: 'refused by the model' } },
          },
          { when: { contains: 'TARS-TASK: synthesis' }, turn: 'Together: the key.' },
          {
            when: { systemContains: 'You are quick.', contains: 'findings of stage', assistantTurns: 0 },
            turn: 'Judged.',
          },
          {
            when: { systemContains: 'You are quick.', assistantTurns: 0 },
            turn: { toolCalls: [{ id: 'c1', name: 'box__echo', arguments: { text: 'seen' } }] },
          },
        ],
        fallback: 'Quick: the key [tool: c1].',
      },
      config: chain([
        { name: 'look', agents: ['quick', 'careful'] },
        { name: 'judge', agents: ['quick'] },
      ]),
    });
    expect(run.status).toBe('completed');
    expect(await stagesOf(run)).toMatchObject([
      { name: 'look', type: 'investigation', parallel: 'agents', status: 'completed' },
      { name: 'look · synthesis', type: 'synthesis', parallel: null, status: 'completed' },
      { name: 'judge', type: 'investigation', status: 'completed' },
    ]);
    const synthesis = firstText(requestOf(run, 'synthesis'));
    expect(synthesis).toContain('1 of 2 came to an answer');
    expect(synthesis).toContain('- call box.echo {"text":"seen"} → seen [tool: c1]');
    expect(synthesis).toMatch(/agent "careful", failed>>>[\s\S]*refused by the model/);
    const judged = run.requests.map(firstText).find((text) => text.includes('findings of stage'));
    expect(judged).toContain('<<<BEGIN DATA: findings of stage "look">>>\nTogether: the key.');
    expect(judged).not.toContain('Quick: the key');
    expect(run.llmCalls.map(({ kind }) => kind)).toContain('synthesis');
    expect(
      run.requests.every(
        (request) =>
          !firstText(request).startsWith('TARS-TASK: synthesis') ||
          !JSON.stringify(request.body).includes('box__echo"'),
      ),
    ).toBe(true);
  });

  test('that fails ends the chain, and what the agents said is not lost', async () => {
    const run = await runs.run({
      script: {
        rules: [
          { when: { contains: 'TARS-TASK: synthesis' }, turn: { httpError: { status: 400, message: 'no' } } },
        ],
        fallback: 'The key.',
      },
      config: chain([
        { name: 'look', agents: ['quick', 'careful'] },
        { name: 'judge', agents: ['quick'] },
      ]),
    });
    expect(run.status).toBe('failed');
    expect(run.session.error).toMatch(/^Stage "look · synthesis" failed/);
    expect(run.session.final_analysis).toContain('The key.');
    expect(await stagesOf(run)).toHaveLength(2);
  });

  test('can be left out', async () => {
    const run = await runs.run({
      script: () => 'The key.',
      config: chain([{ name: 'look', agents: ['quick', 'careful'], synthesis: { enabled: false } }]),
    });
    expect(run.session.final_analysis).toBe('# quick\n\nThe key.\n\n# careful\n\nThe key.');
  });
});

describe('when', () => {
  const stages = (when: unknown) => [
    { name: 'look', agents: ['quick'] },
    { name: 'act', agents: ['fixer'], when },
    { name: 'report', agents: ['careful'] },
  ];
  const script = {
    rules: [{ when: { systemContains: 'You are a fixer.' }, turn: 'Acted.\n\nNO' }],
    fallback: 'A key is missing.\n\n## Confidence\nHigh.',
  };

  test('a condition that holds lets the stage run', async () => {
    const run = await runs.run({
      script,
      config: chain(stages({ stage: 'look', matches: 'key is missing', confidence: ['high'] })),
    });
    expect((await stagesOf(run)).map(({ name, skipped }) => [name, skipped])).toEqual([
      ['look', null],
      ['act', null],
      ['report', null],
    ]);
  });

  test('one that does not skips it with its reason, and the chain goes on', async () => {
    const run = await runs.run({ script, config: chain(stages({ matches: 'disk full' })) });
    expect(run.status).toBe('completed');
    expect(await stagesOf(run)).toMatchObject([
      { name: 'look', status: 'completed' },
      { name: 'act', status: 'completed', skipped: 'the result of stage "look" does not match disk full' },
      { name: 'report', status: 'completed' },
    ]);
    expect(run.executions.map(({ agent }) => agent)).toEqual(['quick', 'careful']);
  });
});

test('conditions read the synthesis of a stage in which one agent failed; a stage that was skipped fulfils none', async () => {
  const run = await runs.run({
    script: {
      rules: [
        {
          when: { contains: 'TARS-TASK: synthesis' },
          turn: 'Together.\n\n## Confidence\nLow, since one failed.',
        },
        {
          when: { systemContains: 'You are careful.' },
          turn: { httpError: { status: 400, message: 'refused' } },
        },
      ],
      fallback: 'Mine.\n\n## Confidence: High',
    },
    config: chain([
      { name: 'look', agents: ['quick', 'careful'] },
      { name: 'sure', agents: ['quick'], when: { stage: 'look', confidence: ['high'] } },
      { name: 'both', agents: ['quick', 'quick'], when: { stage: 'sure', matches: '.' } },
      { name: 'unsure', agents: ['quick'], when: { stage: 'look', confidence: ['low'] } },
      { name: 'last', agents: ['quick'], when: { stage: 'unsure', confidence: ['high'] } },
    ]),
  });
  expect(run.status).toBe('completed');
  expect((await stagesOf(run)).map(({ name, skipped }) => [name, skipped])).toEqual([
    ['look', null],
    ['look · synthesis', null],
    ['sure', 'the result of stage "look" states low confidence, not high'],
    ['both', 'stage "sure" has no result'],
    ['unsure', null],
    ['last', null],
  ]);
});

test('with "stopEarly" the first success cancels the others', async () => {
  const run = await runs.run({
    script: {
      rules: [{ when: { systemContains: 'You are careful.' }, turn: { startGate: 'never', text: 'Late.' } }],
      fallback: 'Quick.',
    },
    config: chain([
      {
        name: 'look',
        agents: ['careful', 'quick'],
        successPolicy: 'any',
        stopEarly: true,
        synthesis: { enabled: false },
      },
    ]),
  });
  expect(run.status).toBe('completed');
  expect(run.session.final_analysis).toBe('Quick.');
  expect(run.executions.map(({ agent, status }) => [agent, status])).toEqual([
    ['careful', 'cancelled'],
    ['quick', 'completed'],
  ]);
  expect(run.executions[0]?.error).toMatch(/another agent of the stage succeeded/);
  expect(run.items.every(({ status }) => status !== 'streaming')).toBe(true);
});

test('the first stage that fails ends the chain; later ones are never created', async () => {
  const run = await runs.run({
    script: {
      rules: [
        {
          when: { systemContains: 'You are careful.' },
          turn: { httpError: { status: 400, message: 'refused' } },
        },
      ],
      fallback: 'Fine.',
    },
    config: chain([
      { name: 'one', agents: ['quick'] },
      { name: 'two', agents: ['quick', 'careful'], successPolicy: 'all' },
      { name: 'three', agents: ['quick'] },
    ]),
  });
  expect(run.status).toBe('failed');
  expect(run.session.error).toMatch(/^Stage "two" failed: careful: .*refused/);
  expect((await stagesOf(run)).map(({ name, status }) => [name, status])).toEqual([
    ['one', 'completed'],
    ['two', 'failed'],
  ]);
  expect(run.executions.map(({ agent, status }) => [agent, status])).toEqual([
    ['quick', 'completed'],
    ['quick', 'completed'],
    ['careful', 'failed'],
  ]);
  expect(run.requests).toHaveLength(4 - 1);
});

describe('action stages', () => {
  const act = (answer: string, toolCalls: unknown[] = []) => ({
    script: [{ toolCalls }, answer].filter(
      (turn) => typeof turn === 'string' || turn.toolCalls.length > 0,
    ) as never,
    config: {
      ...chain([{ name: 'act', agents: ['fixer'] }]),
      mcpServers: { box: { ...urlFixture('http', runs.box.url), approval: { default: 'never' } } },
    },
  });

  test('carry the safety block; the verdict is read and taken away', async () => {
    const run = await runs.run(act('Nothing to do.\n\nNO'));
    expect(await stagesOf(run)).toMatchObject([{ type: 'action', actions_executed: false }]);
    expect(run.session.final_analysis).toBe('Nothing to do.');
    expect(itemsOf(run, 'response')[0]?.content).toBe('Nothing to do.');
    expect(run.requests[0]?.conversation.system).toContain('You may change systems, within these bounds');
  });

  test('beside others and combined with them, an action agent’s verdict goes no further either', async () => {
    const run = await runs.run({
      script: {
        rules: [
          { when: { contains: 'TARS-TASK: synthesis' }, turn: 'Together.' },
          { when: { systemContains: 'You are a fixer.' }, turn: 'Left as it is.\n\nNO' },
        ],
        fallback: 'The key.',
      },
      config: chain([
        { name: 'both', agents: ['quick', 'fixer'], synthesis: { enabled: false } },
        { name: 'again', agents: ['fixer', 'quick'] },
      ]),
    });
    expect(run.status).toBe('completed');
    const later = run.requests.map(firstText).filter((text) => text.includes('findings of stage "both"'));
    expect(later).toHaveLength(2);
    for (const text of later)
      expect(text).toContain('Left as it is.\n<<<END DATA: findings of stage "both">>>');
    expect(firstText(requestOf(run, 'synthesis'))).toMatch(/Answer:\nLeft as it is\.\n<<<END/);
  });

  test('the record of calls wins over what the agent says', async () => {
    const path = `/tmp/tars-action-${Date.now()}`;
    const call = { id: 'w', name: 'box__write', arguments: { path, text: 'x' } };
    const run = await runs.run(act('I changed nothing.\n\nNO', [call]));
    expect(await stagesOf(run)).toMatchObject([{ actions_executed: true }]);
    expect(itemsOf(run, 'error').at(-1)?.content).toMatch(/changed nothing, but 1 of its calls may have/);
  });
});

describe('budgets', () => {
  const usage = { inputTokens: 900, outputTokens: 100 };
  const echo = (id: string) => ({ toolCalls: [{ id, name: 'box__echo', arguments: { text: id } }], usage });

  test.each([
    ['tokens', { tokens: 2_000 }],
    ['cost', { costUsd: 0.002 }],
  ] as const)(
    '%s used up end in a conclusion that says so, and leave the rest of the chain out',
    async (kind, budgets) => {
      const run = await runs.run({
        script: [echo('a'), echo('b'), { text: 'What I know.', usage }, { text: 'never asked', usage }],
        config: {
          ...chain(
            [
              { name: 'look', agents: ['quick'] },
              { name: 'more', agents: ['careful'] },
            ],
            { executiveSummary: { enabled: true }, budgets },
          ),
          llmProviders: { main: runs.provider({ pricePerMillion: { input: 1, output: 1 } }) },
        },
      });
      expect(run.status).toBe('completed');
      expect(run.session.final_analysis).toBe('What I know.');
      expect(run.session.executive_summary_error).toMatch(/Not written: .*budget/);
      expect(run.requests).toHaveLength(3);
      expect(await statusReasonOf(run)).toBe(`budget:${kind}`);
      const notes = itemsOf(run, 'budget').map(({ content }) => content);
      expect(notes[0]).toMatch(/^100 % of the session's budget/);
      expect(notes.at(-1)).toMatch(/used up/);
      expect(run.llmCalls.map((call) => call.kind)).toEqual(['iteration', 'iteration', 'forced_conclusion']);
    },
  );

  test('people are warned once at 80 %', async () => {
    const run = await runs.run({
      script: [echo('a'), echo('b'), echo('c'), { text: 'Done.', usage }],
      config: chain([{ name: 'look', agents: ['quick'] }], { budgets: { tokens: 3_500 } }),
    });
    expect(run.status).toBe('completed');
    expect(itemsOf(run, 'budget').map(({ content }) => content)).toEqual([
      "86 % of the session's budget of 3500 tokens is used.",
    ]);
  });

  test('time used up is no time limit: the run concludes', async () => {
    const run = await runs.run({
      script: [{ ...echo('a'), startDelayMs: 1_200 }, 'What I know.'],
      config: chain([{ name: 'look', agents: ['quick'] }], { budgets: { time: '1s' } }),
    });
    expect(run.status).toBe('completed');
    expect(run.session.final_analysis).toBe('What I know.');
    expect(run.llmCalls.map((call) => call.kind)).toEqual(['iteration', 'forced_conclusion']);
  });

  test('crossed in a synthesis, it is the answer, and what came after it is left out and said', async () => {
    const run = await runs.run({
      script: ({ conversation }) =>
        conversation.messages[0]?.text.startsWith('TARS-TASK: synthesis')
          ? { text: 'Together.', usage }
          : { text: 'Mine.', usage: { inputTokens: 100, outputTokens: 1 } },
      config: chain(
        [
          { name: 'look', agents: ['quick', 'careful'] },
          { name: 'more', agents: ['quick'] },
        ],
        { budgets: { tokens: 1_000 } },
      ),
    });
    expect(run.status).toBe('completed');
    expect(run.session.final_analysis).toBe('Together.');
    expect((await stagesOf(run)).map(({ name }) => name)).toEqual(['look', 'look · synthesis']);
    expect(await statusReasonOf(run)).toBe('budget:tokens');
  });

  test('holds for agents side by side and for their synthesis', async () => {
    const run = await runs.run({
      script: () => ({ text: 'Fine.', usage }),
      config: chain([{ name: 'look', agents: ['quick', 'careful'] }], { budgets: { tokens: 1_500 } }),
    });
    expect(run.status).toBe('completed');
    expect(run.requests).toHaveLength(2);
    expect(run.session.final_analysis).toContain('# quick\n\nFine.');
    // Nobody had to be asked for a conclusion; that something was left out is said all the same.
    expect(await statusReasonOf(run)).toBe('budget:tokens');
    expect(itemsOf(run, 'budget').at(-1)?.content).toBe(
      "The session's budget of 1500 tokens is used up. The rest of the chain is left out.",
    );
  });
});
