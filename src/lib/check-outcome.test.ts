import { expect, test } from 'vitest';
import { formatOutcome, readOutcome } from './check-outcome.ts';

const two = {
  outcome: 'findings' as const,
  summary: '2 problems in namespace shop.',
  findings: [
    { key: 'deployment/shop/checkout missing-config', text: 'The key dsn is missing.' },
    { key: 'persistentvolumeclaim/shop/data claim-pending', text: 'The claim waits.' },
  ],
};

test('what is written is read back', () => {
  expect(readOutcome(`Two things.\n\n## Evidence\n- x\n\n${formatOutcome(two)}`)).toEqual(two);
  const healthy = { outcome: 'healthy' as const, summary: 'All pods are ready.', findings: [] };
  expect(readOutcome(formatOutcome(healthy))).toEqual(healthy);
});

test('the forms that models write', () => {
  const text = [
    '**Check outcome:**',
    '**Findings** – one problem [tool: c1]',
    '',
    '* **`Deployment/shop/Checkout  crash-loop`** — It restarts [tool: c2].',
    '- none besides',
    '- `deployment/shop/checkout crash-loop`: again',
    '',
    '## Confidence',
    '- `no/finding`: here',
  ].join('\n');
  expect(readOutcome(text)).toEqual({
    outcome: 'findings',
    summary: 'one problem',
    findings: [{ key: 'deployment/shop/checkout crash-loop', text: 'again' }],
  });
});

test('the last section counts', () => {
  expect(readOutcome('## Check outcome\nhealthy: fine\n## Check outcome\nunknown: no access')?.outcome).toBe(
    'unknown',
  );
});

test('problems that are listed count against the word "healthy"', () => {
  expect(readOutcome('## Check outcome\nhealthy: mostly\n- `node/a pressure`: disk')?.outcome).toBe(
    'findings',
  );
});

test.each([
  ['no section', 'Everything is healthy.'],
  ['no word', '## Check outcome\nAll is well.'],
  ['no problem named', '## Check outcome\nfindings: some\n- something is wrong'],
])('%s says nothing', (_name, text) => {
  expect(readOutcome(text)).toBeNull();
});
