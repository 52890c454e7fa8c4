import { describe, expect, test } from 'vitest';
import { readToolReport, readVerdict } from './read-verdict.ts';

const dimension = (score: number) => ({ score, comment: 'Fine.' });
const answer = (changes: Record<string, unknown> = {}) => ({
  dimensions: {
    outcome: dimension(80),
    evidence: dimension(70),
    toolUse: dimension(60),
    reasoning: dimension(75),
    completeness: dimension(50),
  },
  outcome: 'correct',
  total: 72,
  tags: ['incomplete_evidence'],
  analysis: 'The cause is right.',
  ...changes,
});
const problemOf = (value: unknown) => {
  const read = readVerdict(typeof value === 'string' ? value : JSON.stringify(value));
  return 'problem' in read ? read.problem : null;
};

describe('readVerdict', () => {
  test('a complete answer, with words around it', () => {
    expect(readVerdict(`My verdict:\n\`\`\`json\n${JSON.stringify(answer())}\n\`\`\``)).toEqual({
      verdict: answer(),
    });
  });

  test('numbers as text and unknown tags are forgiven', () => {
    const read = readVerdict(
      JSON.stringify(
        answer({
          total: '72.4',
          outcome: 'Correct',
          tags: ['sloppy', 'incomplete_evidence', 'incomplete_evidence'],
        }),
      ),
    );
    expect(read).toMatchObject({ verdict: { total: 72, outcome: 'correct', tags: ['incomplete_evidence'] } });
  });

  test.each([
    ['correct', 59],
    ['partial', 60],
    ['partial', 34],
    ['wrong', 35],
  ])('%s does not allow %i', (outcome, total) => {
    expect(problemOf(answer({ outcome, total }))).toContain(`a total of ${total} contradicts`);
  });

  test.each([
    ['correct', 60],
    ['correct', 100],
    ['partial', 35],
    ['partial', 59],
    ['wrong', 0],
    ['wrong', 34],
  ])('%s allows %i', (outcome, total) => {
    expect(problemOf(answer({ outcome, total }))).toBeNull();
  });

  test('what is missing is named, and nothing is made up for it', () => {
    expect(problemOf('It was good: 85')).toContain('no JSON object');
    expect(problemOf(answer({ total: undefined }))).toMatch(/^total: /);
    expect(problemOf(answer({ dimensions: { ...answer().dimensions, evidence: undefined } }))).toMatch(
      /^dimensions\.evidence/,
    );
    expect(problemOf(answer({ total: 140 }))).toMatch(/^total: /);
    expect(problemOf(JSON.stringify(answer()).slice(0, -20))).toContain('no JSON object');
  });

  test.each([null, '', '  ', true, [], '72/100', 'high', -1, 101])('%j is no number of points', (value) => {
    expect(problemOf(answer({ outcome: 'wrong', total: value }))).toMatch(/^total: /);
    const dimensions = { ...answer().dimensions, evidence: { score: value, comment: '' } };
    expect(problemOf(answer({ dimensions }))).toMatch(/^dimensions\.evidence\.score: /);
  });
});

describe('readToolReport', () => {
  test('lists as Markdown', () => {
    const read = readToolReport(
      JSON.stringify({
        missing: [{ tool: 'node logs', why: 'The kubelet was silent.' }],
        improvements: [{ tool: 'pods_log', suggestion: 'Say when it was cut.' }],
      }),
    );
    expect(read).toEqual({
      report:
        '## Missing tools\n- **node logs**: The kubelet was silent.\n\n## Improvements\n- **pods_log**: Say when it was cut.',
    });
  });

  test('nothing to improve is an answer, no object is none', () => {
    expect(readToolReport('{"missing": [], "improvements": []}')).toEqual({
      report: 'Nothing to improve for this investigation.',
    });
    expect(readToolReport('Nothing.')).toHaveProperty('problem');
    expect(readToolReport('{"tools": []}')).toHaveProperty('problem');
    expect(readToolReport('{"missing": null, "improvements": []}')).toHaveProperty('report');
  });

  test('one entry that does not fit costs that entry; where none fits, nothing is said to be fine', () => {
    expect(readToolReport('{"missing": [{"why": "?"}, "traces", {"tool": "logs", "why": 3}]}')).toEqual({
      report: '## Missing tools\n- **traces**\n- **logs**',
    });
    expect(readToolReport('{"missing": [{"name": "logs"}]}')).toEqual({
      problem: 'missing: no entry of it names a "tool".',
    });
    expect(readToolReport('{"improvements": "say when it was cut"}')).toEqual({
      problem: expect.stringMatching(/^improvements: /),
    });
  });
});
