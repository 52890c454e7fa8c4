import { expect, test } from 'vitest';
import { describeArguments } from './describe-arguments.ts';

test.each([
  [{ namespace: 'shop', name: 'checkout-7d9f6', previous: true }, 'checkout-7d9f6 · shop · previous'],
  [{ namespace: 'shop' }, 'shop'],
  [{ apiVersion: 'v1', kind: 'Secret', name: 'db', namespace: 'shop' }, 'db · Secret · shop · apiVersion=v1'],
  [{ tail: 100, follow: false }, 'tail=100 · follow=false'],
  [{ names: ['a', 'b'], empty: '', none: null }, 'names=a,b'],
  [{ filter: { phase: 'Failed' } }, 'filter={"phase":"Failed"}'],
  [{ query: 'up\n  == 0' }, 'up == 0'],
  [{}, ''],
])('%j', (args, line) => {
  expect(describeArguments(args)).toBe(line);
});

test('long values are cut, and so is the line', () => {
  const line = describeArguments({
    name: 'x'.repeat(200),
    namespace: 'y'.repeat(200),
    other: 'z'.repeat(200),
  });
  expect(line.length).toBeLessThanOrEqual(160);
  expect(line).toMatch(/^x{79}… · y{76,}/);
});
