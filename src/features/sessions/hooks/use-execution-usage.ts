'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useTRPC } from '#src/components/data/trpc.ts';
import type { ExecutionUsage, SessionView } from '../schema.ts';
import { USAGE_REFRESH_MS } from './tunables.ts';

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

/** A value that follows another one at most every `intervalMs`. */
function useSettled<T>(value: T, intervalMs: number): T {
  const [settled, setSettled] = useState({ value, at: 0 });
  useEffect(() => {
    if (settled.value === value) return;
    const wait = Math.max(0, settled.at + intervalMs - Date.now());
    const timer = setTimeout(() => setSettled({ value, at: Date.now() }), wait);
    return () => clearTimeout(timer);
  }, [value, settled, intervalMs]);
  return settled.value;
}
