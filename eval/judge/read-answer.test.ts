import { describe, expect, it } from 'vitest';
import { normalise } from './normalise.ts';
import { readAnswer } from './read-answer.ts';

const ANSWER = `The key **\`DATABASE_URL\`** is missing [tool: call_1].

## Root cause
The Secret was “rotated” – its key has another name.

## Evidence
- the log says so [tool: call_1]

## What to do now
1. Ask about the certificate.

## Confidence
**High**, because the log names it.`;

describe('normalise', () => {
  it('keeps names and drops what is only typography', () => {
    expect(normalise('The **`DATABASE_URL`**  key – “gone” [tool: a-1]')).toBe(
      'the database_url key - "gone"',
    );
  });
});

describe('readAnswer', () => {
  it('tells headline, conclusion and the whole answer apart', () => {
    const { headline, conclusion, answer } = readAnswer(ANSWER);
    expect(headline).toBe('the key database_url is missing .');
    expect(conclusion).toContain('rotated');
    expect(conclusion).not.toContain('certificate');
    expect(answer).toContain('certificate');
  });

  it('takes an answer without headings for its own conclusion', () => {
    const plain = readAnswer('The node is full.\nIt evicts pods.');
    expect(plain.headline).toBe('the node is full. it evicts pods.');
    expect(plain.conclusion).toContain('evicts');
  });

  it('takes the first paragraph on the cause for a headline where nothing stands before it', () => {
    expect(readAnswer('# Root cause\nThe node is full.\n\nMore.').headline).toBe('the node is full.');
  });

  it.each([
    [ANSWER, 'high'],
    ['All is well.\n\nConfidence: **low**', 'low'],
    ['My confidence is medium here.', 'medium'],
    ['High load. No word on how sure I am.', null],
    ['## Confidence\nVery sure.', null],
  ])('reads the confidence of %j', (text, expected) => {
    expect(readAnswer(text).confidence).toBe(expected);
  });
});
