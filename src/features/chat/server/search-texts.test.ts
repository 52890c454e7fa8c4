import { describe, expect, test } from 'vitest';
import { type SearchableText, searchTexts } from './search-texts.ts';
import { describeMatches } from './timeline-tools.ts';
import { SEARCH_LINE_MAX_CHARS, SEARCH_MAX_MATCHES_PER_TEXT } from './tunables.ts';

const text = (ref: string, ...lines: string[]): SearchableText => ({
  ref,
  kind: 'tool',
  label: `box.${ref}`,
  text: lines.join('\n'),
});

describe('the search', () => {
  test('puts lines with more and rarer words first', async () => {
    const { matches } = await searchTexts(
      [
        text('a', 'pod checkout is ready', 'pod cart is ready', 'pod search is ready'),
        text('b', 'memory limit of pod checkout: 64Mi'),
        text('c', 'memory of the node: 16Gi'),
      ],
      'What is the memory limit of the checkout pod?',
    );
    expect(matches[0]).toMatchObject({ ref: 'b', line: 1 });
    expect(matches.map(({ ref }) => ref)).toContain('c');
  });

  test('a line of a manifest is found by the keys above it and the call that gave it', async () => {
    const manifest = (name: string, memory: string): SearchableText => ({
      ...text(
        name,
        'spec:',
        '  resources:',
        '    requests:',
        '      memory: 8Mi',
        '    limits:',
        `      memory: ${memory}`,
      ),
      label: `cluster.pods_get {"name":"${name}"}`,
    });
    const { matches } = await searchTexts(
      [manifest('cart-1', '32Mi'), manifest('checkout-1', '64Mi')],
      'What memory limit does checkout have?',
    );
    expect(matches[0]).toMatchObject({
      ref: 'checkout-1',
      text: 'memory: 64Mi',
      path: 'spec.resources.limits',
    });
  });

  test('a key without a value is shown with what stands below it', async () => {
    const service = text(
      'a',
      'spec:',
      '  selector:',
      '    app: catalog',
      '    tier: web',
      '  type: ClusterIP',
    );
    const [match] = (await searchTexts([service], 'Which selector?')).matches;
    expect(match?.text).toBe('selector: app: catalog, tier: web');
  });

  test('says which words are nowhere, and finds nothing for none', async () => {
    expect(await searchTexts([text('a', 'disk full')], 'disk quota')).toMatchObject({ missing: ['quota'] });
    expect((await searchTexts([text('a', 'disk full')], 'the')).matches).toEqual([]);
  });

  test('a text that repeats itself does not hide the others', async () => {
    const log = Array.from(
      { length: 500 },
      (_, n) => `${n} error: cannot connect to db-${'x'.repeat(n % 40)}`,
    );
    const { matches } = await searchTexts(
      [text('log', ...log), text('other', 'error: db is down')],
      'error db',
    );
    expect(matches.filter(({ ref }) => ref === 'log')).toHaveLength(SEARCH_MAX_MATCHES_PER_TEXT);
    expect(matches.some(({ ref }) => ref === 'other')).toBe(true);
  });

  test('what people and answers said about a result stands behind the result', async () => {
    const said = Array.from({ length: 50 }, (_, n) => ({
      ...text(`said-${n}`, `Which node is it${'?'.repeat(n)}`),
      kind: 'entry' as const,
    }));
    const { matches } = await searchTexts([...said, text('pod', 'nodeName: worker-1')], 'Which node?');
    expect(matches.map(({ ref }) => ref)).toContain('pod');
  });

  test('a long line is shown around its match', async () => {
    const line = `${'a'.repeat(5_000)} needle ${'b'.repeat(5_000)}`;
    const [match] = (await searchTexts([text('a', line)], 'needle')).matches;
    expect(match?.text).toContain('needle');
    expect(match?.text.length).toBeLessThan(SEARCH_LINE_MAX_CHARS + 10);
  });

  test('stops when it is told to', async () => {
    const lines = Array.from({ length: 10_000 }, () => 'x');
    const signal = AbortSignal.abort(new Error('cancelled'));
    await expect(searchTexts([text('a', ...lines)], 'word', signal)).rejects.toThrow('cancelled');
  });
});

describe('what was found, in words', () => {
  test('names the result that a line is from, and fits its room', async () => {
    const result = await searchTexts(
      [text('a', 'disk full'), { ...text('b', 'the disk'), kind: 'entry' as const }],
      'disk nowhere-to-be-found',
    );
    expect(describeMatches(result, 1_000)).toBe(
      '# result a · box.a\n  1: disk full\n\n# entry b · box.b\n  1: the disk\n\nFound nowhere: nowhere-to-be-found.',
    );
    expect(describeMatches(result, 1)).toMatch(/^# result a · box\.a\n {2}1: disk full\n\nFound nowhere/);
  });

  test('says so when there is nothing', async () => {
    const result = await searchTexts([text('a', 'disk full')], 'quota');
    expect(describeMatches(result, 1_000)).toBe(
      'No line of the 1 entries of this session matches. Found nowhere: quota.',
    );
  });
});
