import { expect, test } from 'vitest';
import type { RunStatus, SessionView, TimelineItem } from '#src/features/sessions/schema.ts';
import { isOpen, readTurns, unansweredTurn } from './turns.ts';

type Stage = SessionView['stages'][number];

const stage = (id: string, status: RunStatus, changes: Partial<Stage> = {}): Stage => ({
  id,
  index: 0,
  name: 'chat with ann',
  type: 'chat',
  status,
  parallel: null,
  successPolicy: null,
  synthesisOfId: null,
  skipped: null,
  actionsExecuted: null,
  followUpId: `turn of ${id}`,
  error: null,
  startedAt: null,
  completedAt: null,
  executions: [],
  ...changes,
});

const item = (id: string, stageId: string | null, changes: Partial<TimelineItem>): TimelineItem => ({
  id,
  seq: 1,
  type: 'response',
  status: 'completed',
  stageId,
  executionId: null,
  parentExecutionId: null,
  content: '',
  data: {},
  startedAt: '2026-01-01T00:00:00.000Z',
  completedAt: null,
  ...changes,
});

const question = (id: string, stageId: string, content: string, author = 'ann') =>
  item(id, stageId, { type: 'user_message', content, data: { author } });

test('questions in order, each with the entry to show: its answer once there is one', () => {
  const turns = readTurns(
    [
      stage('look', 'completed', { type: 'investigation', followUpId: null }),
      stage('a', 'completed'),
      stage('b', 'running'),
    ],
    [
      item('i0', 'look', { content: 'The disk is full.' }),
      question('q1', 'a', 'Why?'),
      item('i1', 'a', { content: 'Let me see.' }),
      item('i2', 'a', { content: 'Because.', data: { answer: true } }),
      question('q2', 'b', 'And now?', 'bob'),
      item('i3', 'b', { status: 'streaming' }),
    ],
  );
  expect(turns).toEqual([
    {
      turnId: 'turn of a',
      stageId: 'a',
      status: 'completed',
      author: 'ann',
      question: 'Why?',
      itemId: 'i2',
      error: null,
    },
    {
      turnId: 'turn of b',
      stageId: 'b',
      status: 'running',
      author: 'bob',
      question: 'And now?',
      itemId: 'q2',
      error: null,
    },
  ]);
  expect(turns.map(isOpen)).toEqual([false, true]);
});

test.each<[RunStatus[], string | null]>([
  [[], null],
  [['completed'], null],
  [['failed'], 'turn of 0'],
  [['completed', 'timed_out'], 'turn of 1'],
  [['failed', 'completed'], null],
  [['failed', 'running'], null],
])('after %j the question without an answer is %s', (statuses, expected) => {
  const turns = readTurns(
    statuses.map((status, index) => stage(`${index}`, status)),
    [],
  );
  expect(unansweredTurn(turns)?.turnId ?? null).toBe(expected);
});
