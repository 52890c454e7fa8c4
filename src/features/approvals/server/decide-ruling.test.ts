import { expect, test } from 'vitest';
import { decideRuling, type RequestedDecision } from './decide-ruling.ts';

const approve = { action: 'approve', why: 'not read-only' } as const;
const decided = (changes: Partial<RequestedDecision>): RequestedDecision => ({
  kind: 'tool',
  status: 'approved',
  decidedBy: 'ana',
  reason: null,
  ...changes,
});

test('what the policy lets run needs nobody', () => {
  expect(decideRuling({ policy: { action: 'run' }, decision: null, granted: false })).toEqual({
    action: 'run',
  });
});

test('anything else is asked for, unless the tool was allowed for the session', () => {
  expect(decideRuling({ policy: approve, decision: null, granted: false })).toEqual({
    action: 'ask',
    kind: 'tool',
    why: 'not read-only',
  });
  expect(decideRuling({ policy: approve, decision: null, granted: true })).toEqual({ action: 'run' });
});

test('a grant for the session does not overrule a decision on this very call', () => {
  const denied = decided({ status: 'denied', reason: 'not on a Friday' });
  const ruling = decideRuling({ policy: approve, decision: denied, granted: true });
  expect(ruling).toMatchObject({
    action: 'refuse',
    view: expect.stringMatching(/ana denied.* Reason given: not on a Friday$/),
  });
  expect(ruling).toMatchObject({ view: expect.stringContaining('not on a Friday') });
});

test('a request that is open waits; one that expired is a denial that says so', () => {
  const of = (status: RequestedDecision['status']) =>
    decideRuling({ policy: approve, decision: decided({ status }), granted: false });
  expect(of('pending')).toEqual({ action: 'wait' });
  expect(of('approved')).toEqual({ action: 'run' });
  expect(of('expired')).toMatchObject({ action: 'refuse', view: expect.stringContaining('expired') });
  expect(of('cancelled')).toMatchObject({ action: 'refuse' });
});

test('a question is answered by its reason, and never runs anything', () => {
  const policy = { action: 'question', why: 'asked' } as const;
  const of = (changes: Partial<RequestedDecision>) =>
    decideRuling({ policy, decision: decided({ kind: 'question', ...changes }), granted: true });
  expect(decideRuling({ policy, decision: null, granted: true })).toMatchObject({
    action: 'ask',
    kind: 'question',
  });
  expect(of({ reason: 'It was the deploy at nine.' })).toEqual({
    action: 'answer',
    view: 'ana answers: It was the deploy at nine.',
  });
  expect(of({ status: 'denied' })).toMatchObject({ action: 'refuse' });
  expect(of({ status: 'expired' })).toMatchObject({
    action: 'refuse',
    view: expect.stringContaining('Nobody'),
  });
});
