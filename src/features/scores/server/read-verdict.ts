import { z } from 'zod';
import { readJsonObject } from '#src/lib/read-json-object.ts';
import {
  type DimensionScore,
  outcomeRanges,
  type ScoreDimension,
  type ScoreOutcome,
  type ScoreTag,
  scoreDimensions,
  scoreOutcomeSchema,
  scoreTagSchema,
} from '../schema.ts';

/** What a judge, or the rules, came to. */
export type Verdict = {
  total: number;
  outcome: ScoreOutcome;
  dimensions: Record<ScoreDimension, DimensionScore>;
  tags: ScoreTag[];
  analysis: string;
};

const points = z.coerce.number().min(0).max(100).transform(Math.round);
const dimension = z.object({ score: points, comment: z.string().trim().catch('') });

const verdictSchema = z.object({
  dimensions: z.object(
    Object.fromEntries(scoreDimensions.map((name) => [name, dimension])) as Record<
      ScoreDimension,
      typeof dimension
    >,
  ),
  outcome: z.preprocess(
    (value) => (typeof value === 'string' ? value.toLowerCase() : value),
    scoreOutcomeSchema,
  ),
  total: points,
  analysis: z.string().trim().min(1),
  tags: z
    .array(z.unknown())
    .catch([])
    .transform((tags) => [
      ...new Set(
        tags.flatMap((tag) => {
          const parsed = scoreTagSchema.safeParse(tag);
          return parsed.success ? [parsed.data] : [];
        }),
      ),
    ]),
});

/**
 * Reads a judge's first answer. What is missing, or contradicts itself, is named so that the judge can mend it; no number is
 * made up in its place.
 */
export function readVerdict(answer: string): { verdict: Verdict } | { problem: string } {
  const object = readJsonObject(answer);
  if (!object) return { problem: 'there is no JSON object in it.' };
  const parsed = verdictSchema.safeParse(object);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it does not fit'}.` };
  }
  const verdict = parsed.data;
  const [low, high] = outcomeRanges[verdict.outcome];
  if (verdict.total < low || verdict.total > high) {
    return {
      problem: `a total of ${verdict.total} contradicts the outcome "${verdict.outcome}", which allows ${low} to ${high}.`,
    };
  }
  return { verdict };
}

const reportSchema = z.object({
  missing: z.array(z.object({ tool: z.string().trim().min(1), why: z.string().trim().catch('') })).catch([]),
  improvements: z
    .array(z.object({ tool: z.string().trim().min(1), suggestion: z.string().trim().catch('') }))
    .catch([]),
});

/** Reads a judge's second answer, as Markdown. */
export function readToolReport(answer: string): { report: string } | { problem: string } {
  const object = readJsonObject(answer);
  if (!object) return { problem: 'there is no JSON object in it.' };
  if (!Object.hasOwn(object, 'missing') && !Object.hasOwn(object, 'improvements')) {
    return { problem: 'the object has neither "missing" nor "improvements".' };
  }
  const { missing, improvements } = reportSchema.parse(object);
  const section = (title: string, lines: string[]) =>
    lines.length > 0 ? `## ${title}\n${lines.map((line) => `- ${line}`).join('\n')}` : '';
  const report = [
    section(
      'Missing tools',
      missing.map(({ tool, why }) => `**${tool}**${why ? `: ${why}` : ''}`),
    ),
    section(
      'Improvements',
      improvements.map(({ tool, suggestion }) => `**${tool}**: ${suggestion}`),
    ),
  ].filter(Boolean);
  return { report: report.length > 0 ? report.join('\n\n') : 'Nothing to improve for this investigation.' };
}
