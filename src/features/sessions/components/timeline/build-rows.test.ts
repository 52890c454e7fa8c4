import { expect, test } from 'vitest';
import { executionViewOf, itemViewOf, stageViewOf } from '#test/session-views.ts';
import type { ExecutionView, StageView, TimelineItem } from '../../schema.ts';
import { buildRows, type RowSources, type TimelineRow } from './build-rows.ts';

const execution = (id: string, agent: string, index: number, parent: string | null = null): ExecutionView =>
  executionViewOf({ id, stageId: 'st1', index, agent, parentExecutionId: parent });

const stage = (id: string, executions: ExecutionView[], index = 0): StageView =>
  stageViewOf({ id, name: id, index, executions });

const item = (id: string, stageId: string | null, executionId: string | null): TimelineItem =>
  itemViewOf({ id, stageId, executionId });

const rowsOf = (
  stages: StageView[],
  items: TimelineItem[],
  shown: Partial<Pick<RowSources, 'only' | 'groups'>> = {},
): TimelineRow[] => buildRows({ stages, items, only: new Set(), groups: new Map(), ...shown });

/** One line per row: its key, indented as it is drawn, with the letter of whose it is and the name where it stands. */
const outline = (rows: TimelineRow[]): string[] =>
  rows.map((row) => {
    if (row.kind === 'stage' || row.kind === 'agents') return row.key;
    const indent = '  '.repeat(row.depth);
    if (row.kind === 'group') return `${indent}${row.key} ${row.mark.letter} ${row.mark.name} ${row.entries}`;
    const { speaker } = row;
    const by = speaker ? ` ${speaker.letter}${speaker.speaks ? ` ${speaker.name}` : ''}` : '';
    return `${indent}${row.key}${by}`;
  });

test('a stage is announced once, before its first item', () => {
  const rows = rowsOf(
    [stage('st1', [execution('e1', 'kubernetes', 0)]), stage('st2', [execution('e2', 'summary', 0)], 1)],
    [item('i0', null, null), item('i1', 'st1', 'e1'), item('i2', 'st1', 'e1'), item('i3', 'st2', 'e2')],
  );
  expect(outline(rows)).toEqual(['i0', 'stage:st1', 'i1', 'i2', 'stage:st2', 'i3']);
});

test('entries stand with their stage even when two stages run at once; those of none where they happened', () => {
  const rows = rowsOf(
    [stage('st1', [execution('e1', 'chat', 0)]), stage('st2', [execution('e2', 'judge', 0)], 1)],
    [item('i1', 'st1', 'e1'), item('i2', 'st2', 'e2'), item('note', null, null), item('i3', 'st1', 'e1')],
  );
  expect(outline(rows)).toEqual(['stage:st1', 'i1', 'i3', 'stage:st2', 'i2', 'note']);
});

test('an entry of a stage that is not known (yet) is not lost', () => {
  expect(outline(rowsOf([], [item('i1', 'gone', 'e1')]))).toEqual(['i1']);
});

test('agents side by side have a letter everywhere and a name where the speaker changes', () => {
  const rows = rowsOf(
    [stage('st1', [execution('e1', 'kubernetes', 0), execution('e2', 'network', 1)])],
    [item('i1', 'st1', 'e1'), item('i2', 'st1', 'e1'), item('i3', 'st1', 'e2'), item('i4', 'st1', 'e1')],
  );
  expect(outline(rows)).toEqual([
    'stage:st1',
    'agents:st1',
    'i1 A kubernetes',
    'i2 A',
    'i3 B network',
    'i4 A kubernetes',
  ]);
});

const parallel = [
  stage('st1', [execution('e1', 'kubernetes', 0), execution('e2', 'network', 1)]),
  stage('st2', [execution('e3', 'kubernetes', 0), execution('e4', 'kubernetes', 1)], 1),
];

test('one agent of a stage can be read alone; other stages and what no agent did stay', () => {
  const rows = rowsOf(
    parallel,
    [
      item('i1', 'st1', 'e1'),
      item('i2', 'st1', 'e2'),
      item('all', 'st1', null),
      item('i3', 'st2', 'e3'),
      item('i4', 'st2', 'e4'),
    ],
    { only: new Set(['e2']) },
  );
  expect(outline(rows)).toEqual([
    'stage:st1',
    'agents:st1',
    'i2 B network',
    'all',
    'stage:st2',
    'agents:st2',
    'i3 A kubernetes 1',
    'i4 B kubernetes 2',
  ]);
});

const orchestrated = [
  stage('st1', [
    execution('e1', 'lead', 0),
    execution('s1', 'logs', 0, 'e1'),
    execution('s2', 'metrics', 1, 'e1'),
    execution('d1', 'traces', 0, 's1'),
  ]),
];
const orchestration = [
  item('dispatch', 'st1', 'e1'),
  item('task1', 'st1', 's1'),
  item('task2', 'st1', 's2'),
  item('deeper', 'st1', 'd1'),
  item('log', 'st1', 's1'),
  item('answer', 'st1', 'e1'),
];

test('what a sub-agent did stands together where it was dispatched, folded at first', () => {
  expect(outline(rowsOf(orchestrated, orchestration))).toEqual([
    'stage:st1',
    'dispatch',
    'execution:s1 A1 logs 3',
    'execution:s2 A2 metrics 1',
    'answer',
  ]);
});

test('an opened sub-agent shows its entries one step in, and those that it has dispatched itself', () => {
  const groups = new Map([
    ['s1', true],
    ['d1', true],
  ]);
  expect(outline(rowsOf(orchestrated, orchestration, { groups }))).toEqual([
    'stage:st1',
    'dispatch',
    'execution:s1 A1 logs 3',
    '  task1',
    '  execution:d1 A1.1 traces 1',
    '    deeper',
    '  log',
    'execution:s2 A2 metrics 1',
    'answer',
  ]);
});

test('a sub-agent that waits for a person opens by itself, unless somebody has folded it', () => {
  const waiting = [
    ...orchestration,
    itemViewOf({ id: 'ask', type: 'approval', status: 'waiting', stageId: 'st1', executionId: 's2' }),
  ];
  const isOpen = (rows: TimelineRow[]) =>
    rows.flatMap((row) => (row.kind === 'group' && row.open ? [row.execution.id] : []));
  expect(isOpen(rowsOf(orchestrated, waiting))).toEqual(['s2']);
  expect(isOpen(rowsOf(orchestrated, waiting, { groups: new Map([['s2', false]]) }))).toEqual([]);
});

test('a stage without items shows all the same', () => {
  expect(outline(rowsOf([stage('st1', [])], []))).toEqual(['stage:st1']);
});

test('keys are unique whatever is open', () => {
  const groups = new Map([
    ['s1', true],
    ['s2', true],
    ['d1', true],
  ]);
  const keys = rowsOf([...orchestrated, ...parallel.slice(1)], orchestration, { groups }).map(
    ({ key }) => key,
  );
  expect(new Set(keys).size).toBe(keys.length);
});

test('an open thought is overtaken once its agent goes on, not when another one does', () => {
  const thought = (id: string, by: string): TimelineItem =>
    itemViewOf({
      id,
      stageId: 'a',
      executionId: by,
      type: 'thinking',
      status: 'streaming',
      completedAt: null,
    });
  const later = '2026-01-01T00:00:05.000Z';
  const stages = [stage('a', [execution('e1', 'one', 0), execution('e2', 'two', 1)])];
  const overtakenAt = (items: TimelineItem[]) =>
    rowsOf(stages, items).flatMap((row) => (row.kind === 'item' ? [row.overtakenAt] : []));
  expect(overtakenAt([thought('t', 'e1'), { ...item('r', 'a', 'e2'), startedAt: later }])).toEqual([
    null,
    null,
  ]);
  expect(overtakenAt([thought('t', 'e1'), { ...item('r', 'a', 'e1'), startedAt: later }])).toEqual([
    later,
    null,
  ]);
});

test('a call that was decided on takes the place and the key of its request', () => {
  const data = { callId: 'w' };
  const request = { ...item('ask', 'st1', 'e1'), type: 'approval' as const, data };
  const call = { ...item('call', 'st1', 'e1'), type: 'tool_call' as const, data };
  const rows = rowsOf(
    [stage('st1', [execution('e1', 'kubernetes', 0)])],
    [request, item('i2', 'st1', 'e1'), call],
  );
  expect(outline(rows)).toEqual(['stage:st1', 'ask', 'i2']);
  expect(rows[1]).toMatchObject({ item: { type: 'tool_call' }, decision: { id: 'ask' } });
});
