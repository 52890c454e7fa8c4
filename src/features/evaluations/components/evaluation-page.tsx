'use client';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '#src/components/data/trpc.ts';
import { ErrorState } from '#src/components/error-state.tsx';
import { PageHeader } from '#src/components/frame/page-header.tsx';
import { StatusBadge } from '#src/components/run-status.tsx';
import { SkeletonRows } from '#src/components/ui/skeleton.tsx';
import { EvaluationFigures } from './evaluation-figures.tsx';
import { ScenarioList } from './scenario-list.tsx';
import { REFRESH_MS } from './tunables.ts';

/** One evaluation: its figures, then each scenario with its attempts and what they lacked. */
export function EvaluationPage({ project, id }: { project: string; id: string }) {
  const trpc = useTRPC();
  const evaluation = useQuery(
    trpc.evaluations.get.queryOptions(
      { project, id },
      { refetchInterval: ({ state }) => (state.data?.status === 'running' ? REFRESH_MS : false) },
    ),
  );
  const { data } = evaluation;
  return (
    <>
      <title>{data ? `${data.provider} evaluated · TARS` : 'Evaluation · TARS'}</title>
      <PageHeader
        crumbs={[{ label: 'Evaluations', href: `/p/${project}/evaluations` }]}
        title={data ? `${data.provider} · ${data.model}` : 'Evaluation'}
        actions={data ? <StatusBadge status={data.status} /> : null}
      />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto p-3 md:p-5">
        {evaluation.isPending ? <SkeletonRows rows={8} rowClassName="h-14" /> : null}
        {evaluation.isError && !data ? (
          <ErrorState
            error={evaluation.error}
            what="the evaluation"
            onRetry={() => void evaluation.refetch()}
          />
        ) : null}
        {data ? (
          <div className="mx-auto grid max-w-5xl grid-cols-[minmax(0,1fr)] gap-4">
            {data.error ? (
              <p role="status" className="rounded-md border border-line bg-warn-soft px-3 py-2 text-warn">
                {data.error}
              </p>
            ) : null}
            <EvaluationFigures evaluation={data} />
            <ScenarioList evaluation={data} />
          </div>
        ) : null}
      </div>
    </>
  );
}
