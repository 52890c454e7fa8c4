import { expect, test } from 'vitest';
import { formatBytes, formatCost, formatCount, formatQuantity, formatSpend } from './format-number.ts';

test('counts are short', () => {
  expect([0, 940, 1000, 12_400, 999_960, 3_100_000].map(formatCount)).toEqual([
    '0',
    '940',
    '1.0k',
    '12.4k',
    '1.0M',
    '3.1M',
  ]);
});

test('small costs keep their digits', () => {
  expect([0, 0.00001, 0.0042, 0.5, 12.3].map(formatCost)).toEqual([
    '$0.00',
    '<$0.0001',
    '$0.0042',
    '$0.50',
    '$12.30',
  ]);
});

test('bytes use decimal units', () => {
  expect([12, 12_400, 999_600, 3_400_000].map(formatBytes)).toEqual(['12 B', '12 kB', '1.0 MB', '3.4 MB']);
});

test('quantities agree in number', () => {
  expect([
    formatQuantity(1, 'tool'),
    formatQuantity(0, 'tool'),
    formatQuantity(1200, 'reply', 'replies'),
  ]).toEqual(['1 tool', '0 tools', '1,200 replies']);
});

test('calls without a price are named, not counted as free', () => {
  const spend = (costUsd: number, unpricedCalls: number) => formatSpend({ costUsd, unpricedCalls });
  expect([spend(0, 0), spend(0.42, 0), spend(0.42, 1), spend(0, 3)]).toEqual([
    '$0.00',
    '$0.42',
    '$0.42 + 1 call without a price',
    '3 calls without a price',
  ]);
});
