'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { FlaskConical, GitCompareArrows } from 'lucide-react';
import Link from 'next/link';
import { parseAsArrayOf, parseAsString, useQueryStates } from 'nuqs';
import { useTRPC } from '#src/components/data/trpc.ts';
import { EmptyState } from '#src/components/empty-state.tsx';
import { ErrorState } from '#src/components/error-state.tsx';
import { PageHeader } from '#src/components/frame/page-header.tsx';
import { useProject } from '#src/components/frame/project-context.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { SkeletonRows } from '#src/components/ui/skeleton.tsx';
import { EVALUATIONS_PROJECT } from '../schema.ts';
import { EvaluationRow } from './evaluation-row.tsx';
import { REFRESH_MS } from './tunables.ts';

/** Every evaluation of the project, newest first; two can be compared. */
export function EvaluationsPage({ project }: { project: string }) {
  const trpc = useTRPC();
  const [{ cursor, compare }, setState] = useQueryStates({
    cursor: parseAsString,
    compare: parseAsArrayOf(parseAsString).withDefault([]),
  });
  const list = useQuery(
    trpc.evaluations.list.queryOptions(
      { project, ...(cursor ? { cursor } : {}) },
      {
        placeholderData: keepPreviousData,
        refetchInterval: ({ state }) =>
          state.data?.items.some(({ status }) => status === 'running') ? REFRESH_MS : false,
      },
    ),
  );
  const toggle = (id: string) => {
    const next = compare.includes(id) ? compare.filter((each) => each !== id) : [...compare, id].slice(-2);
    void setState({ compare: next });
  };
  const goTo = (to: string | null) => void setState({ cursor: to }, { history: 'push' });
  const items = list.data?.items ?? [];
  const next = list.data?.nextCursor ?? null;
  return (
    <>
      <title>Evaluations · TARS</title>
      <PageHeader
        title="Evaluations"
        actions={
          items.length > 1 || compare.length > 0 ? <CompareButton project={project} ids={compare} /> : null
        }
      />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        {list.isPending ? <SkeletonRows rows={8} rowClassName="h-16" /> : null}
        {list.isError && !list.data ? (
          <ErrorState error={list.error} what="the evaluations" onRetry={() => void list.refetch()} />
        ) : null}
        {list.data && items.length === 0 ? <NoEvaluations project={project} /> : null}
        {items.length > 0 ? (
          <ul aria-label="Evaluations">
            {items.map((item) => (
              <EvaluationRow
                key={item.id}
                project={project}
                evaluation={item}
                selected={compare.includes(item.id)}
                onToggle={() => toggle(item.id)}
              />
            ))}
          </ul>
        ) : null}
        {cursor || next ? (
          <div className="flex items-center justify-center gap-2 p-3">
            <Button size="sm" disabled={!cursor} onClick={() => goTo(null)}>
              First page
            </Button>
            <Button size="sm" disabled={!next} onClick={() => goTo(next)}>
              Next page
            </Button>
          </div>
        ) : null}
      </div>
    </>
  );
}

function CompareButton({ project, ids }: { project: string; ids: readonly string[] }) {
  // The older one on the left: ids ascend with time.
  const [left, right] = [...ids].sort();
  if (!left || !right) {
    return (
      <Button disabled title="Tick two evaluations first">
        <GitCompareArrows /> Compare
      </Button>
    );
  }
  return (
    <Button asChild variant="primary">
      <Link href={`/p/${project}/evaluations/compare?left=${left}&right=${right}`}>
        <GitCompareArrows /> Compare
      </Link>
    </Button>
  );
}

function NoEvaluations({ project }: { project: string }) {
  const { projects } = useProject();
  const home = EVALUATIONS_PROJECT.slug;
  const elsewhere = project !== home && projects.some(({ slug }) => slug === home);
  return (
    <EmptyState
      icon={FlaskConical}
      title={elsewhere ? 'Evaluations are in a project of their own' : 'No evaluation yet'}
      action={
        elsewhere ? (
          <Button asChild variant="primary">
            <Link href={`/p/${home}/evaluations`}>Open the project {EVALUATIONS_PROJECT.name}</Link>
          </Button>
        ) : null
      }
    >
      <code className="text-text">npx tars eval</code> replays incidents in simulated clusters. What was
      explained rightly, what was missing, and what it cost is shown{' '}
      {project === home ? 'here' : 'in the project Evaluations'}.
    </EmptyState>
  );
}
