import { z } from 'zod';
import { entriesOf, writtenNumber } from '#src/lib/lenient-json.ts';
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

const points = writtenNumber.pipe(z.number().min(0).max(100)).transform(Math.round);
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
  tags: entriesOf(scoreTagSchema)
    .catch([])
    .transform((tags) => [...new Set(tags)]),
});

/**
 * Reads a judge's first answer. What is missing, or contradicts itself, is named so that the judge can mend it; no number is
 * made up in its place.
 */
export function readVerdict(answer: string): { verdict: Verdict } | { problem: string } {
  const object = readJsonObject(answer);
  if (!object) return { problem: 'there is no JSON object in it.' };
  const parsed = verdictSchema.safeParse(object);
  if (!parsed.success) return { problem: describeIssue(parsed.error) };
  const verdict = parsed.data;
  const [low, high] = outcomeRanges[verdict.outcome];
  if (verdict.total < low || verdict.total > high) {
    return {
      problem: `a total of ${verdict.total} contradicts the outcome "${verdict.outcome}", which allows ${low} to ${high}.`,
    };
  }
  return { verdict };
}

function describeIssue({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it does not fit'}.`;
}

/** A tool and a remark on it; a judge may also only name it. */
const toolWith = (remark: string) =>
  z.union([
    z
      .string()
      .trim()
      .min(1)
      .transform((tool) => ({ tool, remark: '' })),
    z.looseObject({ tool: z.string().trim().min(1) }).transform((entry) => {
      const said = entry[remark];
      return { tool: entry.tool, remark: typeof said === 'string' ? said.trim() : '' };
    }),
  ]);

/** Where a judge has named something that cannot be read, an empty list would say that it found nothing. */
const toolList = (remark: string) =>
  z
    .array(z.unknown())
    .nullish()
    .transform((entries) => entries ?? [])
    .refine(
      (entries) => entries.length === 0 || entries.some((entry) => toolWith(remark).safeParse(entry).success),
      'no entry of it names a "tool"',
    )
    .pipe(entriesOf(toolWith(remark)));

const reportSchema = z.object({ missing: toolList('why'), improvements: toolList('suggestion') });

/** Reads a judge's second answer, as Markdown. */
export function readToolReport(answer: string): { report: string } | { problem: string } {
  const object = readJsonObject(answer);
  if (!object) return { problem: 'there is no JSON object in it.' };
  if (!Object.hasOwn(object, 'missing') && !Object.hasOwn(object, 'improvements')) {
    return { problem: 'the object has neither "missing" nor "improvements".' };
  }
  const parsed = reportSchema.safeParse(object);
  if (!parsed.success) return { problem: describeIssue(parsed.error) };
  const { missing, improvements } = parsed.data;
  const section = (title: string, lines: string[]) =>
    lines.length > 0 ? `## ${title}\n${lines.map((line) => `- ${line}`).join('\n')}` : '';
  const report = [
    section('Missing tools', missing.map(describeTool)),
    section('Improvements', improvements.map(describeTool)),
  ].filter(Boolean);
  return { report: report.length > 0 ? report.join('\n\n') : 'Nothing to improve for this investigation.' };
}

const describeTool = ({ tool, remark }: { tool: string; remark: string }): string =>
  `**${tool}**${remark ? `: ${remark}` : ''}`;
