'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTRPC } from '#src/components/data/trpc.ts';
import type { ExecutionUsage, SessionView } from '../schema.ts';
import { USAGE_REFRESH_MS } from './tunables.ts';
import { useSettled } from './use-settled.ts';

/** Tokens and cost of each agent by its id; read again at most every `USAGE_REFRESH_MS` while there are new model calls. */
export function useExecutionUsage(
  project: string,
  session: Pick<SessionView, 'id' | 'counts'>,
): ReadonlyMap<string, ExecutionUsage> {
  const trpc = useTRPC();
  const calls = useSettled(session.counts.llmCalls, USAGE_REFRESH_MS);
  const query = trpc.sessions.executionUsage.queryOptions(
    { project, id: session.id, calls },
    { enabled: calls > 0, placeholderData: keepPreviousData, staleTime: Number.POSITIVE_INFINITY },
  );
  const { data } = useQuery(query);
  return useMemo(() => new Map(data?.map((usage) => [usage.executionId, usage])), [data]);
}
