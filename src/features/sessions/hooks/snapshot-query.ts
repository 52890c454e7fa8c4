import type { useTRPC } from '#src/components/data/trpc.ts';
import { PRELOAD_FRESH_MS } from './tunables.ts';

/** The state of a session, shared by the early request and the page. Not kept: the page's own copy is the live one. */
export const snapshotQuery = (trpc: ReturnType<typeof useTRPC>, session: { project: string; id: string }) =>
  trpc.sessions.snapshot.queryOptions(session, {
    staleTime: PRELOAD_FRESH_MS,
    gcTime: PRELOAD_FRESH_MS,
    structuralSharing: false,
    retry: false,
  });
