import { describe, expect, test } from 'vitest';
import { estimateTokens } from '#src/server/llm/index.ts';
import { charsForTokens, resultBudgetTokens, viewOutput } from './spill-output.ts';
import { RESULT_MAX_TOKENS, RESULT_MIN_TOKENS } from './tunables.ts';

const view = (output: string, budgetTokens = 100) => viewOutput(output, { budgetTokens, outputId: 'o-1' });
const NOTE_TOKENS = 120;

test('what fits is shown whole', () => {
  expect(view('x'.repeat(400))).toEqual({ text: 'x'.repeat(400), spilled: false });
  expect(view('')).toEqual({ text: '', spilled: false });
});

test('more is shown as whole lines of its head and tail, with the way to the rest', () => {
  const lines = Array.from({ length: 1_000 }, (_, n) => `line ${n + 1}`);
  const { text, spilled } = view(lines.join('\n'));
  expect(spilled).toBe(true);
  expect(text.split('\n')[0]).toBe('line 1');
  expect(text.split('\n').at(-1)).toBe('line 1000');
  expect(text.split('\n').every((line) => /^line \d+$|^\[… /.test(line))).toBe(true);
  expect(text).toMatch(/kept as "o-1"/);
  const offset = Number(/"offset": (\d+)/.exec(text)?.[1]);
  expect(text.startsWith(lines.join('\n').slice(0, offset))).toBe(true);
  const hidden = Number(/\[… (\d+) of/.exec(text)?.[1]);
  expect(hidden).toBe(lines.join('\n').length - text.replace(/\n\[… .*\]\n/, '').length);
});

test.each([
  ['one huge line', 'x'.repeat(100_000)],
  ['surrogate pairs', '😀'.repeat(50_000)],
  ['pairs at odd places', `x${'😀'.repeat(50_000)}`],
  ['three bytes each', '漢'.repeat(50_000)],
  ['one line break at the start', `\n${'x'.repeat(100_000)}`],
  ['one line break at the end', `${'x'.repeat(100_000)}\n`],
])('%s: within the budget and well formed', (_what, output) => {
  for (const budget of [100, 101, 5_000]) {
    const { text } = view(output, budget);
    expect(text.isWellFormed()).toBe(true);
    expect(estimateTokens(text)).toBeLessThanOrEqual(budget + NOTE_TOKENS);
    expect(estimateTokens(text)).toBeGreaterThan(budget * 0.9);
  }
});

describe('the budget of a result', () => {
  const provider = { contextTokens: 100_000, maxOutputTokens: 5_000 };
  test('is a share of the window, divided among many calls', () => {
    expect(resultBudgetTokens(provider, 1)).toBe(13_500);
    expect(resultBudgetTokens(provider, 2)).toBe(13_500);
    expect(resultBudgetTokens(provider, 8)).toBe(4_500);
  });
  test('is bounded at both ends', () => {
    expect(resultBudgetTokens({ contextTokens: 2_000_000, maxOutputTokens: 8_000 }, 1)).toBe(
      RESULT_MAX_TOKENS,
    );
    expect(resultBudgetTokens({ contextTokens: 4_000, maxOutputTokens: 3_900 }, 32)).toBe(RESULT_MIN_TOKENS);
  });
});

test('characters are fewer where they take more bytes', () => {
  expect(charsForTokens('abcd', 10)).toBe(40);
  expect(charsForTokens('漢字', 30)).toBe(40);
  expect(charsForTokens('', 10)).toBe(0);
});
