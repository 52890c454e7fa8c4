import { expect, test } from 'vitest';
import type { TimelineItem } from '#src/features/sessions/schema.ts';
import { suggestQuestions } from './suggest-questions.ts';

const item = (type: TimelineItem['type'], changes: Partial<TimelineItem> = {}): TimelineItem => ({
  id: 'i',
  seq: 1,
  type,
  status: 'completed',
  stageId: null,
  executionId: null,
  parentExecutionId: null,
  content: '',
  data: {},
  startedAt: '2026-01-01T00:00:00.000Z',
  completedAt: null,
  ...changes,
});

const analysis = `The key is missing.

## Root cause
A key.

## What to do now
Add it.

## Prevention
Check in CI.

## Confidence
**medium**: one source.`;

test('what the session can say something about, the most useful first, four at most', () => {
  expect(suggestQuestions({ status: 'completed', finalAnalysis: analysis }, [])).toEqual([
    'What should I do first?',
    'What would make you more certain?',
    'How is this prevented?',
    'What did you rule out?',
  ]);
});

test('tools that failed, were refused, or gave a log or events lead to questions of their own', () => {
  const suggestions = suggestQuestions({ status: 'failed', finalAnalysis: null }, [
    item('tool_call', { status: 'failed', data: { tool: 'pods_log' } }),
    item('tool_call', { status: 'failed', data: { tool: 'pods_delete', refused: 'no', readOnly: false } }),
  ]);
  expect(suggestions).toEqual([
    'What stopped the investigation?',
    'Which tools failed, and what is missing because of it?',
    'Which change did you want to make?',
    'What does the log say?',
  ]);
});

test('nothing is suggested twice', () => {
  const asked = item('user_message', { content: 'what should i do first' });
  expect(suggestQuestions({ status: 'completed', finalAnalysis: analysis }, [asked])).not.toContain(
    'What should I do first?',
  );
});

test('a session that found nothing gets no empty questions', () => {
  expect(suggestQuestions({ status: 'completed', finalAnalysis: null }, [])).toEqual([]);
});
