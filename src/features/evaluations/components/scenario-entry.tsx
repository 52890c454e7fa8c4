import { ArrowUpRight } from 'lucide-react';
import Link from 'next/link';
import { formatDuration } from '#src/lib/format-duration.ts';
import { formatCost } from '#src/lib/format-number.ts';
import type { ScenarioResults } from '../group-results.ts';
import type { EvaluationResult } from '../schema.ts';
import { Verdict } from './pass-rate.tsx';

/** A scenario with its attempts; a failed one says what it lacked, and every one leads to its investigation. */
export function ScenarioEntry({ project, scenario }: { project: string; scenario: ScenarioResults }) {
  const { name, title, attempts, passed } = scenario;
  return (
    <article className="border-b px-4 py-3 last:border-b-0">
      <header className="flex flex-wrap items-baseline gap-x-3">
        <h4 className="font-medium">{title}</h4>
        <code className="text-dim text-xs [overflow-wrap:anywhere]">{name}</code>
        <span className="tabular ml-auto text-dim text-xs">
          {passed} of {attempts.length} passed
        </span>
      </header>
      <ol className="mt-1.5 grid gap-1.5">
        {attempts.map((attempt) => (
          <Attempt key={attempt.attempt} project={project} attempt={attempt} />
        ))}
      </ol>
    </article>
  );
}

function Attempt({ project, attempt }: { project: string; attempt: EvaluationResult }) {
  const { attempt: number, passed, failures, costUsd, durationMs, sessionId } = attempt;
  return (
    <li>
      <div className="tabular flex flex-wrap items-center gap-x-3 gap-y-1 text-dim text-xs">
        <Verdict passed={passed} />
        <span>attempt {number}</span>
        <span>{formatDuration(durationMs)}</span>
        {costUsd === undefined ? null : (
          <span>{costUsd === null ? 'price unknown' : formatCost(costUsd)}</span>
        )}
        {sessionId ? (
          <Link
            href={`/p/${project}/sessions/${sessionId}`}
            className="inline-flex items-center gap-0.5 text-accent hover:underline"
          >
            Investigation <ArrowUpRight aria-hidden="true" className="size-3" />
          </Link>
        ) : (
          <span>no investigation is kept</span>
        )}
      </div>
      {failures.length > 0 ? (
        <ul className="mt-1 grid gap-0.5 border-bad border-l-2 pl-3">
          {failures.map(({ kind, message }) => (
            <li key={`${kind} ${message}`} className="[overflow-wrap:anywhere]">
              {message}
            </li>
          ))}
        </ul>
      ) : null}
    </li>
  );
}
