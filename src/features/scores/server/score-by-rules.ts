import { type DimensionScore, outcomeRanges, type ScoreOutcome, type ScoreTag } from '../schema.ts';
import type { JudgedSession } from './load-judged-session.ts';
import type { Verdict } from './read-verdict.ts';

/** Changes when a rule does, so that scores can be compared like with like. */
export const RULES_VERSION = 'rules-2';
/** The best that rules give: "good" is for those who can tell whether a cause is true. */
export const RULES_MAX_TOTAL = 79;

type Facts = {
  namesCause: boolean;
  confidence: 'high' | 'medium' | 'low' | null;
  /** Statements about cause and evidence, and how many of them refer to a tool result that exists. */
  claims: number;
  supported: number;
  /** References to results that do not exist. */
  dangling: number;
  completedCalls: number;
  failedCalls: number;
  refusedCalls: number;
  forced: boolean;
  hasActions: boolean;
  hasPrevention: boolean;
};

/**
 * A score from facts that can be checked without a model: whether a cause is named, whether its claims refer to tool results that
 * exist, how the calls went, whether the confidence fits. It says nothing about whether the cause is true, and says that.
 */
export function scoreByRules(session: JudgedSession): Verdict {
  const facts = readFacts(session);
  const dimensions = {
    outcome: judgeOutcome(facts),
    evidence: judgeEvidence(facts),
    toolUse: judgeToolUse(facts),
    reasoning: judgeReasoning(facts),
    completeness: judgeCompleteness(facts),
  };
  const outcome = decideOutcome(facts, dimensions.evidence.score);
  const [low, ceiling] = outcomeRanges[outcome];
  const high = Math.min(ceiling, RULES_MAX_TOTAL);
  const { evidence, toolUse, reasoning, completeness } = dimensions;
  const mean = (evidence.score + toolUse.score + reasoning.score + completeness.score) / 400;
  return {
    total: Math.round(low + (high - low) * mean),
    outcome,
    dimensions,
    tags: tagsOf(facts, evidence.score),
    analysis: explain(outcome),
  };
}

const REFERENCE = /\[tool:\s*([^\]\s]+)\s*\]/g;

function readFacts(session: JudgedSession): Facts {
  const analysis = session.analysis ?? '';
  const completed = new Set(session.completedCalls);
  const calls = session.items.filter(({ type }) => type === 'tool_call');
  const claims = [...linesOf(analysis, /root cause/i), ...linesOf(analysis, /evidence/i)];
  const references = [...analysis.matchAll(REFERENCE)].map((match) => match[1] ?? '');
  const isSupported = (claim: string) =>
    [...claim.matchAll(REFERENCE)].some((match) => completed.has(match[1] ?? ''));
  const isRefused = ({ data }: (typeof calls)[number]) => typeof data.refused === 'string';
  return {
    namesCause:
      linesOf(analysis, /root cause/i).length > 0 &&
      !/^(I do not know|No fault found)/i.test(analysis.trim()),
    confidence: readConfidence(linesOf(analysis, /confidence/i).join(' ')),
    claims: claims.length,
    supported: claims.filter(isSupported).length,
    dangling: new Set(references.filter((id) => !completed.has(id))).size,
    completedCalls: session.completedCalls.length,
    failedCalls: calls.filter((call) => ['failed', 'timed_out'].includes(call.status) && !isRefused(call))
      .length,
    refusedCalls: calls.filter(isRefused).length,
    forced: session.forced,
    hasActions: linesOf(analysis, /what to do|next steps|remediation/i).length > 0,
    hasPrevention: linesOf(analysis, /prevent/i).length > 0,
  };
}

/** Lines with words in them of the section with such a title, without code. */
function linesOf(analysis: string, title: RegExp): string[] {
  const found: string[] = [];
  let inside = false;
  let fenced = false;
  for (const line of analysis.split('\n')) {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    else if (!fenced && /^#{1,4}\s/.test(line)) inside = title.test(line);
    else if (inside && !fenced && /\p{L}/u.test(line)) found.push(line);
  }
  return found;
}

function readConfidence(text: string): Facts['confidence'] {
  const word = /\b(high|medium|low)\b/i.exec(text)?.[1]?.toLowerCase();
  return word === 'high' || word === 'medium' || word === 'low' ? word : null;
}

const clamp = (score: number): number => Math.max(0, Math.min(100, Math.round(score)));
const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;

function judgeOutcome(facts: Facts): DimensionScore {
  if (!facts.namesCause) return { score: 0, comment: 'No root cause is named.' };
  return {
    score: clamp((100 * facts.supported) / Math.max(1, facts.claims)),
    comment: `A root cause is named; ${facts.supported} of ${count(facts.claims, 'statement')} about it refer to tool results. Whether it is true, no rule can tell.`,
  };
}

function judgeEvidence({ claims, supported, dangling }: Facts): DimensionScore {
  if (claims === 0) return { score: 0, comment: 'There is no statement that could be checked.' };
  const missing = dangling > 0 ? `; ${count(dangling, 'reference')} to results that do not exist` : '';
  return {
    score: clamp((100 * supported) / claims - 20 * dangling),
    comment: `${supported} of ${count(claims, 'statement')} refer to a tool result that exists${missing}.`,
  };
}

function judgeToolUse({ completedCalls, failedCalls, refusedCalls }: Facts): DimensionScore {
  const made = completedCalls + failedCalls;
  const comment = `${count(completedCalls, 'call')} succeeded, ${failedCalls} failed, ${refusedCalls} refused.`;
  if (completedCalls === 0) return { score: 0, comment };
  return { score: clamp(100 - (60 * failedCalls) / made - 10 * refusedCalls), comment };
}

function judgeReasoning({ confidence, claims, supported, forced }: Facts): DimensionScore {
  const share = claims === 0 ? 0 : supported / claims;
  const base =
    confidence === null
      ? 40
      : confidence === 'high'
        ? share < 0.5
          ? 40
          : 90
        : confidence === 'medium'
          ? 75
          : 60;
  const said = confidence === null ? 'No confidence is stated' : `The stated confidence is ${confidence}`;
  const fits = confidence === 'high' && share < 0.5 ? ', which the evidence does not carry' : '';
  return {
    score: clamp(base - (forced ? 15 : 0)),
    comment: `${said}${fits}.${forced ? ' It had to conclude before it was done.' : ''}`,
  };
}

function judgeCompleteness(facts: Facts): DimensionScore {
  const parts: [boolean, string][] = [
    [facts.namesCause, 'a root cause'],
    [facts.hasActions, 'what to do now'],
    [facts.hasPrevention, 'prevention'],
    [facts.confidence !== null, 'a confidence'],
  ];
  const missing = parts.flatMap(([there, what]) => (there ? [] : [what]));
  return {
    score: clamp(100 - 25 * missing.length),
    comment: missing.length === 0 ? 'Every part is there.' : `Missing: ${missing.join(', ')}.`,
  };
}

function decideOutcome(facts: Facts, evidence: number): ScoreOutcome {
  if (!facts.namesCause) return 'wrong';
  const isSure = facts.confidence === 'high' || facts.confidence === 'medium';
  return evidence >= 50 && facts.dangling === 0 && isSure ? 'correct' : 'partial';
}

function tagsOf(facts: Facts, evidence: number): ScoreTag[] {
  const tags: [boolean, ScoreTag][] = [
    [facts.namesCause && facts.completedCalls === 0, 'premature_conclusion'],
    [facts.confidence === 'high' && evidence < 50, 'unsupported_confidence'],
    [evidence < 50, 'incomplete_evidence'],
    [facts.dangling > 0, 'hallucinated_evidence'],
  ];
  return tags.flatMap(([applies, tag]) => (applies ? [tag] : []));
}

const outcomeWords: Record<ScoreOutcome, string> = {
  correct: 'A root cause is named and its statements rest on tool results',
  partial: 'A root cause is named, but not enough of it rests on tool results',
  wrong: 'No root cause is named',
};

const explain = (outcome: ScoreOutcome): string =>
  `${outcomeWords[outcome]}. Scored by rules from facts that can be checked, without a language model. Whether the cause is true, rules cannot tell, so they give no more than ${RULES_MAX_TOTAL}.`;
