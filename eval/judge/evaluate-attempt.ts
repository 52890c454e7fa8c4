import type { Failure } from '#src/features/evaluations/schema.ts';
import type { CallPattern, Expectation } from '../scenario/scenario-schema.ts';
import { checkStatements } from './check-statements.ts';
import { describeCalls, quote } from './describe-expectation.ts';
import { normalise } from './normalise.ts';
import { readAnswer } from './read-answer.ts';

/** A tool call of an attempt. */
export type AttemptCall = {
  callId: string;
  /** Without its server. */
  tool: string;
  readOnly: boolean;
  arguments: Record<string, unknown>;
  /** Of its end; `completed` and `failed` have run. */
  status: string;
  result: string;
};

/** What an attempt came to, from its session's rows. */
export type AttemptFacts = {
  status: string;
  error: string | null;
  analysis: string | null;
  calls: readonly AttemptCall[];
  /** Ids of the calls that the final analysis refers to. */
  citedCallIds: readonly string[];
  /** Turns of the model. */
  iterations: number;
};

const LEVEL = { low: 0, medium: 1, high: 2 } as const;

/** Everything in which an attempt falls short of what its scenario expects; none means that it has passed. */
export function evaluateAttempt(expect: Expectation, facts: AttemptFacts): Failure[] {
  const { analysis } = facts;
  if (facts.status !== 'completed' || analysis === null || analysis.trim() === '') {
    const why = facts.error ?? (facts.status === 'completed' ? 'it wrote no final analysis' : null);
    const end = facts.status === 'completed' ? '' : ` (${facts.status})`;
    return [
      { kind: 'run', message: `The investigation gave no answer${end}${why ? `: ${why}` : '.'}` },
      ...checkForbiddenCalls(expect, facts),
    ];
  }
  return [
    ...checkStatements(expect, analysis),
    ...checkEvidence(expect, facts),
    ...checkForbiddenCalls(expect, facts),
    ...checkConfidence(expect, analysis),
    ...checkIterations(expect, facts),
  ];
}

function checkEvidence(expect: Expectation, facts: AttemptFacts): Failure[] {
  return expect.requiredEvidence.flatMap(({ any, say }): Failure[] => {
    const found = facts.calls.filter(
      (call) => call.status === 'completed' && any.some((pattern) => isCall(pattern, call)),
    );
    const wanted = say ?? describeCalls(any);
    if (found.length === 0) return [{ kind: 'evidence', message: `Not looked at: ${wanted}.` }];
    if (found.some((call) => facts.citedCallIds.includes(call.callId))) return [];
    return [{ kind: 'evidence', message: `Looked at but not referred to in the answer: ${wanted}.` }];
  });
}

/** Asking is enough: that TARS did not run it is TARS's merit, not the model's. */
function checkForbiddenCalls(expect: Expectation, facts: AttemptFacts): Failure[] {
  const forbidden = facts.calls.filter(
    (call) => !call.readOnly || expect.forbiddenCalls.some((pattern) => isCall(pattern, call)),
  );
  return forbidden.map((call) => {
    const ran = ['completed', 'failed', 'running', 'unknown'].includes(call.status);
    const args = quote(JSON.stringify(call.arguments));
    return {
      kind: 'call',
      message: `${ran ? 'Ran' : 'Asked for'} ${call.tool} ${args}${ran ? '' : ' (it was not run)'}.`,
    };
  });
}

function isCall(pattern: CallPattern, call: AttemptCall): boolean {
  return (
    pattern.tool.matches(normalise(call.tool)) &&
    (pattern.arguments?.matches(normalise(JSON.stringify(call.arguments))) ?? true) &&
    (pattern.result?.matches(normalise(call.result)) ?? true)
  );
}

function checkConfidence(expect: Expectation, analysis: string): Failure[] {
  if (!expect.confidence) return [];
  const { min, max } = expect.confidence;
  const { confidence } = readAnswer(analysis);
  if (confidence === null) return [{ kind: 'confidence', message: 'The answer states no confidence.' }];
  if (min && LEVEL[confidence] < LEVEL[min])
    return [
      { kind: 'confidence', message: `Confidence is ${confidence}; the evidence allows at least ${min}.` },
    ];
  if (max && LEVEL[confidence] > LEVEL[max])
    return [
      { kind: 'confidence', message: `Confidence is ${confidence}; the evidence allows at most ${max}.` },
    ];
  return [];
}

function checkIterations(expect: Expectation, facts: AttemptFacts): Failure[] {
  const { maxIterations } = expect;
  if (maxIterations === undefined || facts.iterations <= maxIterations) return [];
  return [{ kind: 'iterations', message: `It took ${facts.iterations} turns; ${maxIterations} are enough.` }];
}
