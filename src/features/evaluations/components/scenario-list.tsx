'use client';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { Button } from '#src/components/ui/button.tsx';
import { groupResults } from '../group-results.ts';
import { DIFFICULTIES, type Evaluation } from '../schema.ts';
import { ScenarioEntry } from './scenario-entry.tsx';

const VIEWS = { all: 'All', failed: 'With failures' } as const;

/** The scenarios by difficulty: all of them, or those with a failed attempt. */
export function ScenarioList({ evaluation }: { evaluation: Evaluation }) {
  const [view, setView] = useQueryState('show', parseAsStringLiteral(['all', 'failed']).withDefault('all'));
  const groups = groupResults(evaluation.results);
  const shown = view === 'all' ? groups : groups.filter(({ passed, attempts }) => passed < attempts.length);
  return (
    <>
      <div className="flex items-center gap-2">
        <h2 className="flex-1 font-semibold text-base">Scenarios</h2>
        {(['all', 'failed'] as const).map((value) => (
          <Button
            key={value}
            size="sm"
            variant={view === value ? 'secondary' : 'ghost'}
            aria-pressed={view === value}
            onClick={() => void setView(value)}
          >
            {VIEWS[value]}
          </Button>
        ))}
      </div>
      {shown.length === 0 ? (
        <p className="py-6 text-center text-dim">
          {groups.length === 0 ? 'No attempt has ended yet.' : 'Every attempt passed.'}
        </p>
      ) : null}
      {DIFFICULTIES.map((difficulty) => {
        const these = shown.filter((group) => group.difficulty === difficulty);
        if (these.length === 0) return null;
        return (
          <section key={difficulty} aria-label={difficulty} className="rounded-xl border bg-panel">
            <h3 className="border-b px-4 py-2 font-semibold capitalize">{difficulty}</h3>
            {these.map((group) => (
              <ScenarioEntry key={group.name} project={evaluation.projectSlug} scenario={group} />
            ))}
          </section>
        );
      })}
    </>
  );
}
