import { CircleAlert, Tag } from 'lucide-react';
import { Markdown } from '#src/components/markdown.tsx';
import { Badge, type Tone } from '#src/components/ui/badge.tsx';
import { cn } from '#src/components/ui/cn.ts';
import type { ScoreBand } from '#src/features/sessions/schema.ts';
import { type Score, type ScoreDimension, type ScoreOutcome, scoreDimensions } from '../schema.ts';
import { scoreBand } from '../score-band.ts';

const dimensionWords: Record<ScoreDimension, string> = {
  outcome: 'Outcome',
  evidence: 'Evidence',
  toolUse: 'Use of tools',
  reasoning: 'Reasoning',
  completeness: 'Completeness',
};

/** What a judge concluded; rules only know what the evidence carries. */
const outcomeWords: Record<Score['method'], Record<ScoreOutcome, string>> = {
  model: { correct: 'Cause is right', partial: 'Partly right', wrong: 'Wrong or no cause' },
  rules: { correct: 'Cause is supported', partial: 'Partly supported', wrong: 'No supported cause' },
};
const outcomeTones: Record<ScoreOutcome, Tone> = { correct: 'ok', partial: 'warn', wrong: 'bad' };
const barTones: Record<ScoreBand, string> = { good: 'bg-ok', fair: 'bg-warn', poor: 'bg-bad' };

/** Verdict, dimensions, reasons, and what the tools lacked. */
export function ScoreReport({ score }: { score: Score }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2.5">
      {score.outcome || score.tags.length > 0 ? (
        <p className="flex flex-wrap gap-1.5">
          {score.outcome ? (
            <Badge tone={outcomeTones[score.outcome]}>{outcomeWords[score.method][score.outcome]}</Badge>
          ) : null}
          {score.tags.map((tag) => (
            <Badge key={tag} tone="outline">
              <Tag aria-hidden="true" /> {tag.replaceAll('_', ' ')}
            </Badge>
          ))}
        </p>
      ) : null}
      {score.error ? (
        <p className="flex gap-2 rounded-md bg-warn-soft px-2.5 py-1.5 text-warn [overflow-wrap:anywhere]">
          <CircleAlert aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
          {score.total === null ? `The scoring ended without a score (${score.status}): ` : ''}
          {score.error}
        </p>
      ) : null}
      <details>
        <summary className="w-fit rounded text-dim text-xs hover:text-text">Report</summary>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-3 pt-2">
          <Dimensions dimensions={score.dimensions} />
          {score.analysis ? <Markdown text={score.analysis} /> : null}
          {score.toolReport ? (
            <div className="rounded-lg border px-3 py-2.5">
              <h3 className="mb-1 font-semibold">What the tools lacked</h3>
              <Markdown text={score.toolReport} />
            </div>
          ) : null}
        </div>
      </details>
    </div>
  );
}

function Dimensions({ dimensions }: { dimensions: Score['dimensions'] }) {
  return (
    <dl className="grid gap-2">
      {scoreDimensions.map((name) => {
        const dimension = dimensions[name];
        if (!dimension) return null;
        return (
          <div
            key={name}
            className="grid items-baseline gap-x-3 gap-y-0.5 sm:grid-cols-[7.5rem_6rem_minmax(0,1fr)]"
          >
            <dt className="font-medium">{dimensionWords[name]}</dt>
            <dd className="flex items-center gap-2">
              <span aria-hidden="true" className="h-1.5 flex-1 overflow-hidden rounded bg-raised">
                <span
                  className={cn('block h-full', barTones[scoreBand(dimension.score)])}
                  style={{ width: `${dimension.score}%` }}
                />
              </span>
              <span className="tabular w-6 text-right">{dimension.score}</span>
            </dd>
            <dd className="text-dim [overflow-wrap:anywhere]">{dimension.comment}</dd>
          </div>
        );
      })}
    </dl>
  );
}
