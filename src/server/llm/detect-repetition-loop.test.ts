import { describe, expect, it } from 'vitest';
import { createLoopWatcher, findRepetitionLoop } from './detect-repetition-loop.ts';

const sentence = 'The pod checkout-7d9f restarts because its secret is missing. ';

describe('findRepetitionLoop', () => {
  it('finds a sentence that repeats to the end and keeps it once', () => {
    const intro = 'First I looked at the events:\n';
    const text = intro + sentence.repeat(8);
    const at = findRepetitionLoop(text);
    expect(at).toBe(intro.length + sentence.length);
    expect(text.slice(0, at ?? 0)).toBe(intro + sentence);
  });

  it('finds a loop that stops in the middle of a copy', () => {
    expect(findRepetitionLoop(sentence.repeat(6) + sentence.slice(0, 11))).not.toBeNull();
  });

  it.each([
    ['four copies', sentence.repeat(4)],
    ['a loop that the model left', `${sentence.repeat(8)}The fix is to create the secret.`],
    ['rules of a table', '-'.repeat(4000)],
    ['a short text', 'done'],
    ['copies of a unit that is too short', 'pod ok. '.repeat(3)],
    [
      'log lines that differ in a number',
      Array.from({ length: 90 }, (_, n) => `2026-01-01 GET /cart ${n} 200`).join('\n'),
    ],
  ])('leaves %s alone', (_case, text) => {
    expect(findRepetitionLoop(text)).toBeNull();
  });
});

describe('createLoopWatcher', () => {
  it('looks only after enough new text', () => {
    const watch = createLoopWatcher();
    const early = sentence.repeat(10);
    expect(findRepetitionLoop(early)).not.toBeNull();
    expect(watch(early)).toBeNull();
    expect(watch(sentence.repeat(40))).not.toBeNull();
  });
});
