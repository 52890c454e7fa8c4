import { expect, test } from 'vitest';
import type { ApprovalData, TimelineItem } from '#src/features/sessions/schema.ts';
import { itemViewOf } from '#test/session-views.ts';
import {
  type Outcome,
  outcomeOfItem,
  readApprovalData,
  requestOfItem,
  requestOfPending,
} from './decision-request.ts';
import { describeConflict, describeOutcome, describeRequest, summariseRequest } from './describe-decision.ts';

const data: ApprovalData = {
  approvalId: 'a1',
  callId: 'c1',
  kind: 'tool',
  server: 'cluster',
  tool: 'pods_delete',
  arguments: { name: 'checkout' },
  why: 'it changes something',
  expiresAt: '2026-01-02T00:00:00.000Z',
};
const item = (status: TimelineItem['status'], more: Partial<ApprovalData> = {}): TimelineItem =>
  itemViewOf({ type: 'approval', status, data: { ...data, ...more } });
const outcome = (status: TimelineItem['status'], more: Partial<ApprovalData> = {}) =>
  outcomeOfItem(item(status, more), { ...data, ...more });

test('only approvals and questions with the right data are read as such', () => {
  expect(readApprovalData(item('waiting'))?.approvalId).toBe('a1');
  expect(readApprovalData(itemViewOf({ type: 'question', data: { text: 'of another time' } }))).toBeNull();
  expect(readApprovalData(itemViewOf({ type: 'response', data }))).toBeNull();
});

test('a request says who wants to run what, a question who asks', () => {
  const request = requestOfItem(item('waiting'), data);
  expect(describeRequest(request)).toBe('The agent wants to run cluster.pods_delete');
  expect(describeRequest({ ...request, agent: 'lead' })).toBe('lead wants to run cluster.pods_delete');
  expect(describeRequest({ ...request, kind: 'question', agent: 'lead' })).toBe('lead asks');
});

test('a question is read from the arguments it was asked with', () => {
  const pending = {
    id: 'a1',
    kind: 'question' as const,
    executionId: 'e',
    itemId: 'i',
    tool: 'tars.ask_person',
    arguments: { question: 'Which cluster?', options: ['north', 7, 'south'] },
    why: '',
    requestedAt: data.expiresAt,
    expiresAt: data.expiresAt,
  };
  const request = requestOfPending(pending, 'lead');
  expect(request).toMatchObject({ question: 'Which cluster?', options: ['north', 'south'], agent: 'lead' });
  // Arguments of a tool are shown as arguments, whatever they are called.
  expect(requestOfPending({ ...pending, kind: 'tool' }, null)).toMatchObject({ question: '', options: [] });
});

test('what waits has no outcome', () => {
  expect(outcome('waiting')).toBeNull();
});

test('the outcome is the recorded decision, else what the state of the entry says', () => {
  const by = { decidedBy: 'Ada', decidedAt: '2026-01-01T10:00:00.000Z' };
  expect(outcome('completed', { ...by, decision: 'approve', scope: 'session' })).toEqual({
    decision: 'approved',
    by: 'Ada',
    at: '2026-01-01T10:00:00.000Z',
    reason: null,
    scope: 'session',
    granted: null,
  });
  expect(outcome('failed', { ...by, decision: 'deny', reason: 'not now' })).toMatchObject({
    decision: 'denied',
    reason: 'not now',
  });
  expect(outcome('timed_out')?.decision).toBe('expired');
  expect(outcome('cancelled')?.decision).toBe('cancelled');
});

test('outcomes in words', () => {
  const of = (more: Partial<Outcome>): Outcome => ({
    decision: 'approved',
    by: 'Ada',
    at: null,
    reason: null,
    scope: 'once',
    granted: null,
    ...more,
  });
  const tool = { kind: 'tool' } as const;
  const question = { kind: 'question' } as const;
  expect(describeOutcome(tool, of({}))).toBe('Ada approved it');
  expect(describeOutcome(tool, of({ scope: 'session' }))).toContain('this tool for the rest of the session');
  expect(describeOutcome(tool, of({ decision: 'denied' }))).toBe('Ada denied it');
  expect(describeOutcome(tool, of({ decision: 'expired', by: null }))).toContain('not run');
  expect(describeOutcome(question, of({}))).toBe('Ada answered');
  expect(describeOutcome(question, of({ decision: 'denied' }))).toBe('Ada declined to answer');
});

test('a pause says how far the agent has come, and how it went on', () => {
  const facts = {
    iterations: 20,
    more: 20,
    toolCalls: 31,
    tokens: 84_000,
    costUsd: 0.4,
    unpricedCalls: 0,
    found: 'The key is missing.',
  };
  const { callId: _none, ...rest } = data;
  const pause: ApprovalData = { ...rest, kind: 'pause', server: 'tars', tool: 'pause', arguments: facts };
  const request = requestOfItem(itemViewOf({ type: 'approval', status: 'waiting', data: pause }), pause);
  expect(request.pause).toEqual(facts);
  expect(describeRequest({ ...request, agent: 'lead' })).toBe('lead is paused after 20 iterations');
  expect(summariseRequest({ ...request, pause: { ...facts, found: 'The **key** `db_dsn` is gone.' } })).toBe(
    'It said last: The key db_dsn is gone.',
  );
  expect(summariseRequest({ ...request, pause: { ...facts, found: '' }, why: 'No answer yet.' })).toBe(
    'No answer yet.',
  );
  // Data of another version shows less, and does not fail.
  const odd = requestOfItem(itemViewOf({ type: 'approval' }), { ...pause, arguments: {} });
  expect(describeRequest(odd)).toBe('The agent is paused');
  const went = (more: Partial<Outcome>) =>
    describeOutcome(request, {
      decision: 'approved',
      by: 'Ada',
      at: null,
      reason: null,
      scope: 'once',
      granted: null,
      ...more,
    });
  expect(went({ granted: 20 })).toBe('Ada gave it 20 more iterations');
  expect(went({ decision: 'denied' })).toBe('Ada asked for its conclusion');
  expect(went({ decision: 'expired', by: null })).toContain('asked for its conclusion');
  expect(went({ decision: 'cancelled' })).toBe('Ada cancelled the agent');
  expect(went({ decision: 'cancelled', by: null })).toBe('The run ended before anybody decided');
});

test('a conflict says how long ago somebody was faster', () => {
  const now = Date.parse('2026-01-01T10:00:07.000Z');
  expect(describeConflict('Ada has already approved this, at 2026-01-01T10:00:00.000Z.', now)).toBe(
    'Ada has already approved this 7 s ago.',
  );
  expect(describeConflict('Its session has ended.', now)).toBe('Its session has ended.');
});
