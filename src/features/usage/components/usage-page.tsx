'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ChartColumn } from 'lucide-react';
import { useState } from 'react';
import { useTRPC } from '#src/components/data/trpc.ts';
import { EmptyState } from '#src/components/empty-state.tsx';
import { ErrorState } from '#src/components/error-state.tsx';
import { PageHeader } from '#src/components/frame/page-header.tsx';
import { cn } from '#src/components/ui/cn.ts';
import { Skeleton } from '#src/components/ui/skeleton.tsx';
import { UsageFilterBar } from './usage-filters.tsx';
import { UsageReportView } from './usage-report.tsx';
import { askedDays, useUsageFilters } from './use-usage-filters.ts';

/** What the models cost and for what: by day, model, chain, alert type, kind of call and session. */
export function UsagePage({ project }: { project: string }) {
  const trpc = useTRPC();
  const { filters, setFilters } = useUsageFilters();
  const [openedAt] = useState(() => Date.now());
  const usage = useQuery(
    trpc.usage.report.queryOptions(
      { project, ...askedDays(filters, openedAt), rankBy: filters.by },
      { placeholderData: keepPreviousData },
    ),
  );
  const report = usage.data;
  return (
    <>
      <title>Usage · TARS</title>
      <PageHeader title="Usage" />
      <UsageFilterBar filters={filters} setFilters={setFilters} />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto p-3 md:p-5">
        {usage.isPending ? <UsageSkeleton /> : null}
        {usage.isError ? (
          <ErrorState error={usage.error} what="the usage" onRetry={() => void usage.refetch()} />
        ) : null}
        {report && !usage.isError ? (
          <div className={cn('transition-opacity', usage.isPlaceholderData && 'opacity-60')}>
            {report.totals.calls === 0 ? (
              <EmptyState icon={ChartColumn} title="No model calls in these days">
                Choose other days above. Each investigation adds to this page as it runs.
              </EmptyState>
            ) : (
              <UsageReportView
                project={project}
                report={report}
                by={filters.by}
                view={filters.view}
                onView={(view) => void setFilters({ view })}
              />
            )}
          </div>
        ) : null}
      </div>
    </>
  );
}

/** Of the shape of what comes. */
function UsageSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="mx-auto grid max-w-5xl gap-4">
      <Skeleton className="h-[5.6rem] rounded-xl" />
      <Skeleton className="h-72 rounded-xl" />
      <div className="grid gap-4 lg:grid-cols-2">
        <Skeleton className="h-64 rounded-xl" />
        <Skeleton className="h-64 rounded-xl" />
      </div>
    </div>
  );
}
