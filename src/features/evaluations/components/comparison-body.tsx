import { ArrowDown, ArrowUp, Equal, type LucideIcon, Minus } from 'lucide-react';
import Link from 'next/link';
import { TimeAgo } from '#src/components/time.tsx';
import { Badge, type Tone } from '#src/components/ui/badge.tsx';
import { type Change, type Comparison, compareResults } from '../compare-results.ts';
import type { ScenarioResults } from '../group-results.ts';
import type { Evaluation } from '../schema.ts';
import { describeCost, describeEach } from './describe-evaluation.ts';
import { PassRate } from './pass-rate.tsx';

type ComparisonProps = { project: string; left: Evaluation; right: Evaluation };

/** Both evaluations, then every scenario of either. */
export function ComparisonBody({ project, left, right }: ComparisonProps) {
  return (
    <div className="mx-auto grid max-w-5xl grid-cols-[minmax(0,1fr)] gap-4">
      <div className="grid gap-3 sm:grid-cols-2">
        <Side name="Left" project={project} evaluation={left} />
        <Side name="Right" project={project} evaluation={right} />
      </div>
      <section aria-label="Scenarios" className="rounded-xl border bg-panel">
        {compareResults(left.results, right.results).map((row) => (
          <ComparisonRow key={row.name} row={row} />
        ))}
      </section>
    </div>
  );
}

type SideProps = { name: string; project: string; evaluation: Evaluation };

function Side({ name, project, evaluation }: SideProps) {
  const { id, provider, model, summary, startedAt } = evaluation;
  const cost = describeCost(summary);
  return (
    <Link
      href={`/p/${project}/evaluations/${id}`}
      className="grid min-w-0 gap-1.5 rounded-xl border bg-panel px-4 py-3 hover:bg-raised"
    >
      <span className="truncate font-medium">
        <span className="font-normal text-dim">{name}: </span>
        {provider} <span className="font-normal text-dim">{model}</span>
      </span>
      <PassRate passed={summary.passed} attempts={summary.attempts} />
      <span className="tabular text-dim text-xs">
        {cost === null ? '' : `${cost} · `}
        {describeEach(summary)} · <TimeAgo at={startedAt} />
      </span>
    </Link>
  );
}

const looks: Record<Change, { icon: LucideIcon; tone: Tone }> = {
  worse: { icon: ArrowDown, tone: 'bad' },
  better: { icon: ArrowUp, tone: 'ok' },
  same: { icon: Equal, tone: 'neutral' },
  'only left': { icon: Minus, tone: 'neutral' },
  'only right': { icon: Minus, tone: 'neutral' },
};

function ComparisonRow({ row }: { row: Comparison }) {
  const { icon: Icon, tone } = looks[row.change];
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 border-b px-4 py-2 last:border-b-0 md:grid-cols-[minmax(0,1fr)_7rem_7rem_6rem]">
      <span className="min-w-0 max-md:col-span-2">
        <span className="block [overflow-wrap:anywhere]">{row.title}</span>
        <span className="text-dim text-xs">
          {row.difficulty} · {row.name}
        </span>
      </span>
      <span className="flex gap-4 md:contents">
        <Share name="left" side={row.left} />
        <Share name="right" side={row.right} />
      </span>
      <Badge tone={tone} className="justify-self-end">
        <Icon aria-hidden="true" /> {row.change}
      </Badge>
    </div>
  );
}

function Share({ name, side }: { name: string; side: ScenarioResults | null }) {
  return (
    <span className="tabular text-xs">
      <span className="text-dim">{name} </span>
      {side ? `${side.passed} of ${side.attempts.length}` : 'not tried'}
    </span>
  );
}
