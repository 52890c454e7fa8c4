import { describe, expect, test } from 'vitest';
import { outcomeRanges } from '../schema.ts';
import type { JudgedItem, JudgedSession } from './load-judged-session.ts';
import { RULES_MAX_TOTAL, scoreByRules } from './score-by-rules.ts';

const call = (status: JudgedItem['status'], data: Record<string, unknown> = {}): JudgedItem => ({
  type: 'tool_call',
  status,
  content: '',
  data,
  agent: 'kubernetes',
  stage: 'look',
});
const session = (changes: Partial<JudgedSession> = {}): JudgedSession => ({
  snapshot: {
    version: 1,
    name: 'k',
    chain: {},
    defaults: {},
    agents: {},
    mcpServers: [],
    llmProviders: [],
  } as never,
  status: 'completed',
  error: null,
  title: 'T',
  alert: 'A',
  runbook: null,
  analysis: `The key is missing. [tool: c1]

## Root cause
The Secret lacks the key. [tool: c1]

## Evidence
- The log names the key. [tool: c2]
- The Secret has other keys. [tool: c1]

## What to do now
1. Add the key:
\`\`\`
kubectl patch secret
\`\`\`

## Prevention
Check keys before a deployment.

## Confidence
**high**: both results agree.`,
  items: [call('completed'), call('completed')],
  tools: [],
  completedCalls: ['c1', 'c2'],
  forced: false,
  ...changes,
});
const analysisOf = (from: RegExp, to: string) =>
  session({ analysis: session().analysis?.replace(from, to) ?? '' });

describe('scoreByRules', () => {
  test('a complete analysis whose statements all rest on results', () => {
    const verdict = scoreByRules(session());
    expect(verdict).toMatchObject({
      outcome: 'correct',
      tags: [],
      dimensions: {
        evidence: { score: 100, comment: '3 of 3 statements refer to a tool result that exists.' },
        toolUse: { score: 100 },
        reasoning: { score: 90 },
        completeness: { score: 100 },
      },
    });
    expect(verdict.total).toBe(79);
    expect(verdict.analysis).toContain(
      'without a language model. Whether the cause is true, rules cannot tell',
    );
  });

  test('a reference to a result that does not exist is found out', () => {
    const verdict = scoreByRules(session({ completedCalls: ['c1'] }));
    expect(verdict.outcome).toBe('partial');
    expect(verdict.tags).toEqual(['unsupported_confidence', 'incomplete_evidence', 'hallucinated_evidence']);
    expect(verdict.dimensions.evidence).toEqual({
      score: 47,
      comment:
        '2 of 3 statements refer to a tool result that exists; 1 reference to results that do not exist.',
    });
  });

  test('high confidence without evidence is named', () => {
    const verdict = scoreByRules(
      session({ analysis: session().analysis?.replaceAll(/\[tool: c\d\]/g, '') ?? '' }),
    );
    expect(verdict.tags).toEqual(['unsupported_confidence', 'incomplete_evidence']);
    expect(verdict.outcome).toBe('partial');
    expect(verdict.dimensions.reasoning.score).toBe(40);
  });

  test('a cause without a look at anything is premature', () => {
    expect(scoreByRules(session({ completedCalls: [], items: [] })).tags).toContain('premature_conclusion');
  });

  test('failed and refused calls, and a forced end, cost points', () => {
    const verdict = scoreByRules(
      session({
        items: [
          call('completed'),
          call('completed'),
          call('failed'),
          call('failed', { refused: 'not read-only' }),
        ],
        forced: true,
      }),
    );
    expect(verdict.dimensions.toolUse).toEqual({
      score: 70,
      comment: '2 calls succeeded, 1 failed, 1 refused.',
    });
    expect(verdict.dimensions.reasoning).toMatchObject({
      score: 75,
      comment: expect.stringContaining('had to conclude'),
    });
  });

  test('a warning that a budget is nearly used up is no forced end', () => {
    const warned = [...session().items, { ...call('completed'), type: 'budget' as const, agent: null }];
    expect(scoreByRules(session({ items: warned }))).toEqual(scoreByRules(session()));
  });

  test('no cause, no analysis, nothing', () => {
    for (const analysis of [
      null,
      '',
      'I do not know the cause.\n\n## Root cause\nNone found.\n\n## Confidence\nlow',
    ]) {
      const verdict = scoreByRules(session({ analysis }));
      expect(verdict.outcome).toBe('wrong');
      expect(verdict.total).toBeLessThanOrEqual(34);
    }
  });

  test('what is missing is named', () => {
    expect(
      scoreByRules(analysisOf(/## Prevention[\s\S]*?(?=## Confidence)/, '')).dimensions.completeness,
    ).toEqual({
      score: 75,
      comment: 'Missing: prevention.',
    });
  });

  test('every total keeps the range of its outcome', () => {
    for (const completedCalls of [[], ['c1'], ['c1', 'c2']]) {
      for (const analysis of [session().analysis, 'Nothing.', null]) {
        const { outcome, total } = scoreByRules(session({ completedCalls, analysis }));
        const [low, high] = outcomeRanges[outcome];
        expect(total).toBeGreaterThanOrEqual(low);
        expect(total).toBeLessThanOrEqual(Math.min(high, RULES_MAX_TOTAL));
      }
    }
  });
});
