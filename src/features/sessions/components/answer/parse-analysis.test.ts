import { expect, test } from 'vitest';
import { parseAnalysis, readConfidence, withoutRepeatedSummary } from './parse-analysis.ts';

const analysis = `Opening line.

## Summary
The pod cannot start.

## **Root cause:**
A key is missing.

\`\`\`sh
# not a heading
kubectl get pods
\`\`\`

### What to do now
1. Add the key.

## Affected teams
Checkout.

## Confidence
High: log and event agree.
`;

test('known sections are recognised, others keep their title', () => {
  expect(parseAnalysis(analysis).map(({ kind, title }) => [kind, title])).toEqual([
    ['other', ''],
    ['summary', 'Summary'],
    ['root_cause', 'Root cause'],
    ['actions', 'What to do now'],
    ['other', 'Affected teams'],
    ['confidence', 'Confidence'],
  ]);
});

test('code fences hide headings', () => {
  const cause = parseAnalysis(analysis).find(({ kind }) => kind === 'root_cause');
  expect(cause?.body).toContain('# not a heading');
});

test('confidence is read from heading or text', () => {
  expect(readConfidence(parseAnalysis(analysis))).toBe('high');
  expect(readConfidence(parseAnalysis('## Confidence: medium\n'))).toBe('medium');
  expect(readConfidence(parseAnalysis('## Confidence\nModerate.'))).toBe('medium');
  expect(readConfidence(parseAnalysis('## Confidence\nHard to say.'))).toBeNull();
  expect(readConfidence(parseAnalysis('All is well.'))).toBeNull();
});

test('text without headings is one section', () => {
  expect(parseAnalysis('Nothing matched.')).toEqual([{ kind: 'other', title: '', body: 'Nothing matched.' }]);
  expect(parseAnalysis('')).toEqual([]);
});

test('a summary that the executive summary repeats word for word is left out', () => {
  const sections = parseAnalysis(
    '## Summary\nThe key `dsn` is missing. [tool: a-1]\n\n## Root cause\nA rename.',
  );
  const kinds = (summary: string | null) => withoutRepeatedSummary(sections, summary).map(({ kind }) => kind);
  expect(kinds('The key dsn is  missing. Next step: add it.')).toEqual(['root_cause']);
  expect(kinds('Somebody renamed a key.')).toEqual(['summary', 'root_cause']);
  expect(kinds(null)).toEqual(['summary', 'root_cause']);
});
