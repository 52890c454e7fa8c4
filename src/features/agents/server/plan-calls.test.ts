import { expect, test } from 'vitest';
import { revealArguments } from '#src/server/identifiers/reveal-arguments.ts';
import { createMasker } from '#src/server/masking/index.ts';
import type { McpTool } from '#src/server/mcp/index.ts';
import { BUILT_IN_SERVER } from './built-in-tools.ts';
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
const NAMES = new Map([['[HOST_7k2m9q4x]', 'db-01.corp.internal']]);
const mask = createRunMask(
  createMasker({ groups: ['security'] }),
  () => createMasker({ custom: [{ name: 'ACME_ID', pattern: 'ACME-[0-9]+' }] }),
  (value) => revealArguments(value, { kinds: ['HOST'], nameOf: (placeholder) => NAMES.get(placeholder) }),
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

test('a tool outside gets real names, what is kept does not; a placeholder that stands for nothing is explained', () => {
  const [known, unknown] = plan([
    { id: 'a', name: 'box__echo', arguments: { text: 'ssh [HOST_7k2m9q4x]' } },
    { id: 'b', name: 'box__echo', arguments: { text: 'ssh [HOST_1]' } },
  ]);
  expect(known).toMatchObject({ arguments: { text: 'ssh db-01.corp.internal' }, problem: null });
  expect(unknown?.problem).toMatch(/^Not run: \[HOST_1\] stands for nothing here/);
  const builtIn = { ...tool('search', true), server: BUILT_IN_SERVER, wireName: 'tars__search' };
  const [own] = planCalls({
    calls: [{ id: 'c', name: 'tars__search', arguments: { query: '[HOST_7k2m9q4x] [HOST_1]' } }],
    tools: [builtIn],
    iteration: 1,
    mask,
  });
  expect(own).toMatchObject({ arguments: { query: '[HOST_7k2m9q4x] [HOST_1]' }, problem: null });
});
