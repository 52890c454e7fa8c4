import { expect, it } from 'vitest';
import type { EventBody } from '#src/features/sessions/schema.ts';
import { stageViewOf } from '#test/session-views.ts';
import { createEventPrinter } from './describe-event.ts';
import { LINE_MAX_CHARS } from './tunables.ts';

const now = '2026-01-01T00:00:00.000Z';

const started = (
  id: string,
  type: 'response' | 'tool_call',
  data: Record<string, unknown> = {},
): EventBody => ({
  type: 'item.started',
  payload: {
    id,
    type,
    status: 'streaming',
    stageId: null,
    executionId: null,
    parentExecutionId: null,
    content: '',
    data,
    startedAt: now,
    completedAt: null,
  },
});
const delta = (itemId: string, offset: number, text: string): EventBody => ({
  type: 'item.delta',
  payload: { itemId, offset, text },
});
const completed = (
  itemId: string,
  status: 'completed' | 'failed',
  data: Record<string, unknown> = {},
): EventBody => ({
  type: 'item.completed',
  payload: { itemId, status, length: 0, data, completedAt: now },
});

it('prints an item once it is complete, in one line, whatever the order of its parts', () => {
  const linesOf = createEventPrinter();
  const events = [
    started('a', 'response'),
    delta('a', 0, 'The pod\n'),
    delta('a', 8, 'restarts.'),
    delta('a', 8, 'restarts.'),
    completed('a', 'completed'),
  ];
  expect(events.flatMap(linesOf)).toEqual(['response: The pod restarts.']);
});

it('prints tool calls with arguments, duration and what went wrong, cut to a terminal line', () => {
  const linesOf = createEventPrinter();
  const call = {
    callId: 'c',
    server: 'cluster',
    tool: 'pods_log',
    arguments: { name: 'x' },
    readOnly: true,
    iteration: 1,
  };
  const events = [
    started('a', 'tool_call', call),
    completed('a', 'completed', { durationMs: 1234 }),
    started('b', 'tool_call', call),
    completed('b', 'failed', { error: `no such pod ${'x'.repeat(500)}` }),
  ];
  const [good, bad] = events.flatMap(linesOf);
  expect(good).toBe('tool pods_log {"name":"x"} (1.2 s)');
  expect(bad).toContain('[failed]: no such pod');
  expect(bad).toHaveLength(LINE_MAX_CHARS);
});

it('prints each status of a stage and of the session once', () => {
  const linesOf = createEventPrinter();
  const stage = (status: 'running' | 'completed'): EventBody => ({
    type: 'stage.upsert',
    payload: stageViewOf({ id: 's', name: 'look', status, startedAt: now }),
  });
  const events: EventBody[] = [
    { type: 'session.patch', payload: { status: 'running' } },
    stage('running'),
    stage('running'),
    stage('completed'),
    { type: 'session.patch', payload: { title: 'x' } },
  ];
  expect(events.flatMap(linesOf)).toEqual([
    '-- session running',
    '-- stage look: running',
    '-- stage look: completed',
  ]);
});
