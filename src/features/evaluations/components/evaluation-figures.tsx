import type { ReactNode } from 'react';
import { Duration, TimeAgo } from '#src/components/time.tsx';
import { formatCount } from '#src/lib/format-number.ts';
import type { EvaluationItem } from '../schema.ts';
import { describeCost, describePace } from './describe-evaluation.ts';
import { PassRate } from './pass-rate.tsx';

/** What an evaluation comes to, in one strip. */
export function EvaluationFigures({ evaluation }: { evaluation: EvaluationItem }) {
  const { summary, startedAt, completedAt } = evaluation;
  const cost = describeCost(summary);
  const tokens = formatCount(summary.inputTokens + summary.outputTokens);
  return (
    <dl className="grid grid-cols-2 gap-x-8 gap-y-4 rounded-xl border bg-panel px-4 py-3 sm:flex sm:flex-wrap">
      <Figure name="Passed">
        <PassRate passed={summary.passed} attempts={summary.attempts} />
      </Figure>
      {summary.byDifficulty.map(({ difficulty, passed, attempts }) => (
        <Figure key={difficulty} name={difficulty}>
          <PassRate passed={passed} attempts={attempts} />
        </Figure>
      ))}
      {cost === null ? (
        <Figure name="Tokens">
          <span className="tabular font-semibold">{tokens}</span>
        </Figure>
      ) : (
        <Figure name="Cost">
          <span className="tabular font-semibold">{cost}</span>
          <span className="block text-dim text-xs">{tokens} tokens</span>
        </Figure>
      )}
      <Figure name="Time per attempt">
        <span className="tabular font-semibold">{describePace(summary)}</span>
        <span className="block text-dim text-xs">
          {summary.attempts} of {summary.planned} in <Duration from={startedAt} to={completedAt} />
        </span>
      </Figure>
      <Figure name="Started">
        <TimeAgo at={startedAt} className="font-semibold" />
        <span className="block text-dim text-xs">chain {summary.chain}</span>
      </Figure>
    </dl>
  );
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid content-start gap-1">
      <dt className="text-dim text-xs first-letter:uppercase">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
