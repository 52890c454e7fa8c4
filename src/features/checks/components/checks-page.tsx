'use client';
import { useQuery } from '@tanstack/react-query';
import { CalendarClock, FilterX } from 'lucide-react';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useTRPC } from '#src/components/data/trpc.ts';
import { EmptyState } from '#src/components/empty-state.tsx';
import { ErrorState } from '#src/components/error-state.tsx';
import { PageHeader } from '#src/components/frame/page-header.tsx';
import { useMay } from '#src/components/frame/project-context.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { Select } from '#src/components/ui/field.tsx';
import { SkeletonRows } from '#src/components/ui/skeleton.tsx';
import { CheckRow } from './check-row.tsx';
import { type CheckFilter, checkFilterNames, checkFilters, selectChecks } from './select-checks.ts';
import { REFRESH_MS } from './tunables.ts';
import { useCheckCommands } from './use-check-commands.ts';

/** What TARS looks at by itself in this project, when, and what it came to. */
export function ChecksPage({ project }: { project: string }) {
  const trpc = useTRPC();
  const mayOperate = useMay('operator');
  const commands = useCheckCommands(project);
  const [filter, setFilter] = useQueryState('show', parseAsStringLiteral(checkFilters).withDefault('all'));
  const list = useQuery(trpc.checks.list.queryOptions({ project }, { refetchInterval: REFRESH_MS }));
  const items = list.data?.items ?? [];
  const shown = selectChecks(items, filter);
  return (
    <>
      <title>Checks · TARS</title>
      <PageHeader title="Checks" />
      {items.length > 0 ? (
        <FilterBar filter={filter} onFilter={(next) => void setFilter(next === 'all' ? null : next)} />
      ) : null}
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        {list.isPending ? <SkeletonRows rows={4} rowClassName="h-20" /> : null}
        {list.isError && !list.data ? (
          <ErrorState error={list.error} what="the checks" onRetry={() => void list.refetch()} />
        ) : null}
        {list.data && items.length === 0 ? <NoChecks project={project} /> : null}
        {items.length > 0 && shown.length === 0 ? <NoneShown onClear={() => void setFilter(null)} /> : null}
        {shown.length > 0 ? (
          <ul aria-label="Checks">
            {shown.map((check) => (
              <CheckRow
                key={check.name}
                project={project}
                check={check}
                commands={mayOperate ? commands : null}
              />
            ))}
          </ul>
        ) : null}
      </div>
    </>
  );
}

function FilterBar({ filter, onFilter }: { filter: CheckFilter; onFilter: (filter: CheckFilter) => void }) {
  return (
    <search className="flex items-center gap-2 border-b px-3 py-2 md:px-4">
      <Select
        aria-label="Show"
        value={filter}
        onChange={(event) => onFilter(checkFilters.find((name) => name === event.target.value) ?? 'all')}
        className="w-48"
      >
        {checkFilters.map((name) => (
          <option key={name} value={name}>
            {checkFilterNames[name]}
          </option>
        ))}
      </Select>
    </search>
  );
}

function NoneShown({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState
      icon={FilterX}
      title="No check like that"
      action={<Button onClick={onClear}>Show all checks</Button>}
    >
      None of the checks is in this state now.
    </EmptyState>
  );
}

function NoChecks({ project }: { project: string }) {
  return (
    <EmptyState icon={CalendarClock} title="No check yet">
      <p>
        A check is a question that TARS answers by itself, on a schedule. Write the first one into the
        configuration; it is picked up while TARS runs.
      </p>
      <pre className="mt-3 whitespace-pre-wrap break-words rounded-md border bg-panel p-3 text-left text-text text-xs">{`checks:
  nightly:
    schedule: "0 6 * * *"
    timezone: Europe/Berlin
    project: ${project}
    question: Is all well in namespace shop?`}</pre>
    </EmptyState>
  );
}
