import { expect, test } from 'vitest';
import { createMasker } from '#src/server/masking/index.ts';
import type { McpTool } from '#src/server/mcp/index.ts';
import { planCalls } from './plan-calls.ts';
import { createRunMask } from './run-mask.ts';
import { MAX_TOOL_CALLS_PER_TURN, QUOTED_ARGUMENTS_MAX_CHARS } from './tunables.ts';

const tool = (name: string, readOnly: boolean): McpTool => ({
  server: 'box',
  name,
  wireName: `box__${name}`,
  description: '',
  inputSchema: { type: 'object' },
  readOnly,
  destructive: !readOnly,
  annotations: {},
});
const tools = [tool('echo', true), tool('write', false)];
const mask = createRunMask(createMasker({ groups: ['security'] }), () =>
  createMasker({ custom: [{ name: 'ACME_ID', pattern: 'ACME-[0-9]+' }] }),
);
const plan = (calls: Parameters<typeof planCalls>[0]['calls']) =>
  planCalls({ calls, tools, iteration: 3, mask });

test('each call is placed, resolved and kept exactly beside its masked form', () => {
  const args = { text: 'ACME-12', password: 'hunter2-secret' };
  expect(plan([{ id: 'a', name: 'box__write', arguments: args }])).toEqual([
    {
      index: 0,
      iteration: 3,
      callId: 'a',
      wireName: 'box__write',
      server: 'box',
      tool: 'write',
      readOnly: false,
      arguments: args,
      maskedArguments: { text: '[MASKED_ACME_ID]', password: '[MASKED_PASSWORD]' },
      problem: null,
    },
  ]);
});

test('an unknown tool names what there is, and is never taken as harmless', () => {
  const [call] = plan([{ id: 'a', name: 'box__nothing\0', arguments: {} }]);
  expect(call).toMatchObject({ server: '', readOnly: false, wireName: 'box__nothing' });
  expect(call?.problem).toMatch(/box__echo/);
});

test('unreadable arguments are quoted within bounds and without secrets', () => {
  const raw = `{"password": "hunter2-secret", "text": "${'x'.repeat(5_000)}`;
  const [call] = plan([{ id: 'a', name: 'box__echo', arguments: {}, invalid: { raw, message: 'No JSON.' } }]);
  expect(call?.problem).toMatch(/^The arguments could not be read: No JSON\. You wrote: /);
  expect(call?.problem).not.toContain('hunter2');
  expect(call?.problem?.length).toBeLessThan(QUOTED_ARGUMENTS_MAX_CHARS + 100);
});

test('calls beyond the limit of a turn have a problem, the others none', () => {
  const calls = Array.from({ length: MAX_TOOL_CALLS_PER_TURN + 2 }, (_, n) => ({
    id: `c${n}`,
    name: 'box__echo',
    arguments: { n },
  }));
  const problems = plan(calls).map((call) => call.problem !== null);
  expect(problems.indexOf(true)).toBe(MAX_TOOL_CALLS_PER_TURN);
  expect(problems.filter(Boolean)).toHaveLength(2);
});
