'use client';
import { useQuery } from '@tanstack/react-query';
import { GitCompareArrows } from 'lucide-react';
import Link from 'next/link';
import { parseAsString, useQueryStates } from 'nuqs';
import { useTRPC } from '#src/components/data/trpc.ts';
import { EmptyState } from '#src/components/empty-state.tsx';
import { ErrorState } from '#src/components/error-state.tsx';
import { PageHeader } from '#src/components/frame/page-header.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { SkeletonRows } from '#src/components/ui/skeleton.tsx';
import { ComparisonBody } from './comparison-body.tsx';

/** Two evaluations side by side: what got worse, what got better, what stayed. */
export function ComparePage({ project }: { project: string }) {
  const trpc = useTRPC();
  const [{ left, right }] = useQueryStates({ left: parseAsString, right: parseAsString });
  const areChosen = left !== null && right !== null;
  const read = (id: string | null) =>
    trpc.evaluations.get.queryOptions({ project, id: id ?? '' }, { enabled: areChosen });
  const before = useQuery(read(left));
  const after = useQuery(read(right));
  const failed = [before, after].find((query) => query.isError);
  const home = `/p/${project}/evaluations`;
  return (
    <>
      <title>Evaluations compared · TARS</title>
      <PageHeader crumbs={[{ label: 'Evaluations', href: home }]} title="Comparison" />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto p-3 md:p-5">
        {areChosen ? null : <NothingChosen home={home} />}
        {failed ? (
          <ErrorState error={failed.error} what="both evaluations" onRetry={() => void failed.refetch()} />
        ) : null}
        {areChosen && !failed && (before.isPending || after.isPending) ? (
          <SkeletonRows rows={8} rowClassName="h-12" />
        ) : null}
        {before.data && after.data ? (
          <ComparisonBody project={project} left={before.data} right={after.data} />
        ) : null}
      </div>
    </>
  );
}

function NothingChosen({ home }: { home: string }) {
  return (
    <EmptyState
      icon={GitCompareArrows}
      title="Nothing to compare"
      action={
        <Button asChild>
          <Link href={home}>Choose two evaluations</Link>
        </Button>
      }
    >
      A comparison needs two evaluations; tick them in the list.
    </EmptyState>
  );
}
