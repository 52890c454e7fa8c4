import { expect, test } from 'vitest';
import { sessionViewOf } from '#test/session-views.ts';
import type { EventBody } from '../../schema.ts';
import { applyEvents, type SessionState, stateFromSnapshot } from '../../session-state.ts';
import { traceNews } from './trace-news.ts';

const at = '2026-01-01T00:00:00.000Z';
const after = (state: SessionState, body: EventBody): SessionState =>
  applyEvents(state, [{ ...body, seq: state.cursor + 1, createdAt: at }]);
const started = (id: string, type: 'tool_call' | 'response'): EventBody => ({
  type: 'item.started',
  payload: {
    id,
    type,
    status: 'streaming',
    stageId: null,
    executionId: null,
    parentExecutionId: null,
    content: '',
    data: {},
    startedAt: at,
    completedAt: null,
  },
});
const counted = (llmCalls: number, toolCalls: number): EventBody => ({
  type: 'session.patch',
  payload: { counts: { llmCalls, toolCalls, events: 0 } },
});

test('a call that begins or ends is news, text that streams in is not', () => {
  const quiet = stateFromSnapshot({ cursor: 0, session: sessionViewOf(), items: [] });
  const writing = after(after(quiet, started('r1', 'response')), {
    type: 'item.delta',
    payload: { itemId: 'r1', offset: 0, text: 'The pod' },
  });
  expect(traceNews(writing)).toBe(traceNews(quiet));
  const calling = after(writing, started('t1', 'tool_call'));
  expect(traceNews(calling)).not.toBe(traceNews(writing));
  const answered = after(calling, counted(1, 0));
  expect(traceNews(answered)).not.toBe(traceNews(calling));
  expect(traceNews(after(answered, counted(1, 1)))).not.toBe(traceNews(answered));
});
