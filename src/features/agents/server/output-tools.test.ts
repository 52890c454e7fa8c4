import { describe, expect, test } from 'vitest';
import { estimateTokens } from '#src/server/llm/index.ts';
import { plannedCallOf } from '#test/planned-call.ts';
import { callBuiltInTool } from './built-in-tools.ts';
import { createOutputTools } from './output-tools.ts';
import { OUTPUT_LINE_MAX_CHARS, OUTPUT_SEARCH_MAX_MATCHES } from './tunables.ts';

const text = Array.from(
  { length: 5_000 },
  (_, n) => `line ${n + 1} ${n % 100 === 0 ? 'Error: OOM' : 'ok'}`,
).join('\n');
const call = (
  name: string,
  args: Record<string, unknown>,
  output: string | null = text,
  budgetTokens = 5_000,
) =>
  callBuiltInTool(
    createOutputTools(async (id) => (id === 'o' ? output : null)),
    name,
    args,
    { budgetTokens, signal: new AbortController().signal, call: plannedCallOf() },
  );
const search = (pattern: string, output = text, budgetTokens = 5_000) =>
  call('output_search', { output_id: 'o', pattern }, output, budgetTokens);
const read = (args: Record<string, unknown>, output = text, budgetTokens = 5_000) =>
  call('output_read', { output_id: 'o', ...args }, output, budgetTokens);

test('both are read-only tools of ours with a schema', () => {
  const tools = createOutputTools(async () => null).map(({ tool }) => tool);
  expect(tools.map((tool) => [tool.wireName, tool.readOnly, tool.inputSchema.required])).toEqual([
    ['tars__output_search', true, ['output_id', 'pattern']],
    ['tars__output_read', true, ['output_id']],
  ]);
});

describe('search', () => {
  test('gives matching lines with their numbers, whatever the case', async () => {
    const { ok, text: found } = await search('^line 10.* error');
    expect(ok).toBe(true);
    expect(found.split('\n')).toEqual(['101: line 101 Error: OOM', '1001: line 1001 Error: OOM']);
  });

  test('is bounded by matches and by the budget, and says how many are left', async () => {
    const many = await search('ok');
    expect(many.text.split('\n')).toHaveLength(OUTPUT_SEARCH_MAX_MATCHES + 1);
    expect(many.text).toMatch(/\[4900 more matching lines/);
    const few = await search('ok', text, 100);
    expect(estimateTokens(few.text)).toBeLessThanOrEqual(100);
    expect(few.text).toMatch(/more matching lines/);
  });

  test('shows a long line around its match', async () => {
    const line = `${'a'.repeat(10_000)}needle${'b'.repeat(10_000)}`;
    const { text: found } = await search('needle', line);
    expect(found).toContain('needle');
    expect(found).toMatch(/^1: \[… \d+ characters\] a+needleb+ \[… \d+ more characters\]$/);
    expect(found.length).toBeLessThan(OUTPUT_LINE_MAX_CHARS + 100);
  });

  test.each(['(', '[z-a]', '(?=look)', '\\1'])('says what is wrong with %s', async (pattern) => {
    expect(await search(pattern)).toMatchObject({
      ok: false,
      text: expect.stringMatching(/not a valid RE2/),
    });
  });

  test('does not hang on a pattern that explodes elsewhere', async () => {
    const { ok } = await search('(a+)+$', 'a'.repeat(50_000));
    expect(ok).toBe(true);
  });

  test('nothing found is an answer', async () => {
    expect(await search('nothing')).toEqual({ ok: true, text: 'No line of 5000 matches.' });
  });
});

describe('read', () => {
  test('pages meet without gap and overlap', async () => {
    const source = `${'漢😀x'.repeat(3_000)}`;
    let offset = 0;
    let whole = '';
    for (let page = 0; page < 100; page += 1) {
      const { text: answer } = await read({ offset, length: 1_001 }, source);
      const at = answer.lastIndexOf('\n[');
      whole += answer.slice(0, at);
      const next = /go on at offset (\d+)/.exec(answer.slice(at))?.[1];
      if (next === undefined) break;
      offset = Number(next);
    }
    expect(whole).toBe(source);
  });

  test('fits the budget whatever length is asked for', async () => {
    const { text: answer } = await read({ length: 20_000 }, text, 300);
    expect(estimateTokens(answer)).toBeLessThanOrEqual(300);
    expect(answer).toMatch(/go on at offset/);
  });

  test('beyond the end there is nothing', async () => {
    expect(await read({ offset: 10_000_000 })).toEqual({
      ok: true,
      text: `\n[end of the output, ${text.length} characters]`,
    });
  });

  test.each([{ offset: -1 }, { length: 0 }, { length: 1_000_000 }, { offset: 'x' }])(
    '%j is refused in words',
    async (args) => {
      const { ok, text: answer } = await read(args);
      expect(ok).toBe(false);
      expect(answer).toContain(Object.keys(args)[0]);
    },
  );
});

test('an unknown output, a missing argument and an unknown tool', async () => {
  expect((await call('output_read', { output_id: 'other' })).text).toMatch(/no kept output "other"/);
  expect((await call('output_search', { output_id: 'o' })).text).toContain('pattern');
  expect(await call('nothing', {})).toMatchObject({ ok: false });
});
