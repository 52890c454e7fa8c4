import Link from 'next/link';
import { StatusBadge } from '#src/components/run-status.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import { formatQuantity } from '#src/lib/format-number.ts';
import type { EvaluationItem } from '../schema.ts';
import { describeCost, describeEach } from './describe-evaluation.ts';
import { PassRate } from './pass-rate.tsx';

type EvaluationRowProps = {
  project: string;
  evaluation: EvaluationItem;
  selected: boolean;
  onToggle: () => void;
};

/** One evaluation of the list; the row leads to it, the box before it chooses it for comparison. */
export function EvaluationRow({ project, evaluation, selected, onToggle }: EvaluationRowProps) {
  const { id, provider, model, status, runs, summary, startedAt } = evaluation;
  return (
    <li className="flex items-start gap-3 border-b px-3 py-2.5 hover:bg-raised/60 md:items-center md:px-4">
      <input
        type="checkbox"
        checked={selected}
        onChange={onToggle}
        aria-label={`Compare the evaluation of ${provider}, ${startedAt}`}
        className="mt-1 size-4 shrink-0 accent-accent md:mt-0"
      />
      <Link
        href={`/p/${project}/evaluations/${id}`}
        className="grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1.5 md:grid-cols-[minmax(0,1fr)_8rem_14rem_8rem_6rem]"
      >
        <span className="min-w-0">
          <span className="block truncate font-medium">
            {provider} <span className="font-normal text-dim">{model}</span>
          </span>
          <span className="block text-dim text-xs">
            chain {summary.chain} · {formatQuantity(summary.planned / runs, 'scenario')} × {runs} ·{' '}
            <TimeAgo at={startedAt} />
          </span>
        </span>
        <span className="justify-self-end md:justify-self-start">
          {status === 'completed' ? (
            <PassRate passed={summary.passed} attempts={summary.attempts} />
          ) : (
            <StatusBadge status={status} />
          )}
        </span>
        <span className="tabular text-dim text-xs max-md:col-span-2">
          {summary.byDifficulty
            .map(({ difficulty, passed, attempts }) => `${difficulty} ${passed}/${attempts}`)
            .join(' · ')}
        </span>
        <span className="tabular text-dim text-xs">{describeCost(summary)}</span>
        <span className="tabular justify-self-end text-dim text-xs">{describeEach(summary)}</span>
      </Link>
    </li>
  );
}
