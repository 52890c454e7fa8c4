import { describe, expect, test } from 'vitest';
import { type AgentRuns, itemsOf, resultsIn, sentText, useAgentRuns } from '#test/agent-runs.ts';

const SECRET = 'Zebra-Tr0mbone-77';

/** A run with thinking, two calls at once, a second turn, and an answer: what each provider's wire must carry through. */
async function expectWholeRun(runs: AgentRuns, model = 'scripted'): Promise<void> {
  const run = await runs.run({
    config: { llmProviders: { main: runs.provider({ model }) } },
    script: [
      {
        thinking: 'I look at both.',
        toolCalls: [
          { id: 'call_a', name: 'box__echo', arguments: { text: 'one' } },
          { id: 'call_b', name: 'box__add', arguments: { a: 1, b: 2 } },
        ],
      },
      {
        thinking: 'One more.',
        toolCalls: [{ id: 'call_c', name: 'box__fail', arguments: { message: 'no' } }],
      },
      { thinking: 'Now I know.', text: 'It is so.' },
    ],
  });
  expect(run.session.error).toBeNull();
  expect(run.status).toBe('completed');
  expect(run.session.final_analysis).toBe('It is so.');
  expect(run.requests.map((request) => request.outcome)).toEqual(['answered', 'answered', 'answered']);
  expect(itemsOf(run, 'thinking').map((item) => item.content)).toEqual([
    'I look at both.',
    'One more.',
    'Now I know.',
  ]);
  expect(run.toolCalls.map((row) => row.status)).toEqual(['completed', 'completed', 'failed']);
  const results = Object.values(resultsIn(run.requests[1]));
  expect(results[0]).toMatch(/^one\n\n\[tool: /);
  expect(results[1]).toMatch(/^3\n\n\[tool: /);
  // Thinking goes back to the provider within the tool turn.
  expect(sentText(run.requests[1])).toContain('I look at both.');
}

/** A secret in signed thinking must not go anywhere, and the turn must still be one that the provider takes. */
async function expectSecretThinkingDropped(runs: AgentRuns): Promise<void> {
  const run = await runs.run({
    script: [
      {
        thinking: `The password=${SECRET} may be wrong.`,
        toolCalls: [{ id: 'call_a', name: 'box__echo', arguments: { text: 'one', password: SECRET } }],
      },
      { thinking: 'Now I know.', text: 'It is so.' },
    ],
  });
  expect(run.session.error).toBeNull();
  expect(run.status).toBe('completed');
  for (const request of run.requests) expect(sentText(request)).not.toContain(SECRET);
}

describe('Anthropic', () => {
  const runs = useAgentRuns('anthropic');
  test('thinking and tools through the whole loop', () => expectWholeRun(runs));
  test('thinking that holds a secret is left out', () => expectSecretThinkingDropped(runs));
});

describe('Google', () => {
  // Models before 2.5 are not asked for their thoughts.
  const runs = useAgentRuns('google');
  test('thinking and tools through the whole loop', () => expectWholeRun(runs, 'gemini-3-test'));
  test('thinking that holds a secret is masked', () => expectSecretThinkingDropped(runs));
});

describe('OpenAI', () => {
  const runs = useAgentRuns('openai');
  test('thinking and tools through the whole loop', () => expectWholeRun(runs));
  test('thinking that holds a secret is masked', () => expectSecretThinkingDropped(runs));
});
