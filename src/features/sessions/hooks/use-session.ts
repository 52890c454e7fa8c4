'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { getSocket } from '#src/components/data/socket.ts';
import { useTRPC, useTRPCClient } from '#src/components/data/trpc.ts';
import { type FeedView, openSessionFeed, type SessionFeed } from './session-feed.ts';
import { subscribeToSession } from './session-socket.ts';
import { snapshotQuery } from './snapshot-query.ts';

const nothingYet: FeedView = { state: null, connection: 'connecting', error: null };

/** The live state of one session; its room is left when the page is. */
export function useSession(project: string, id: string): FeedView & { retry: () => void } {
  const client = useTRPCClient();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [feed, setFeed] = useState<SessionFeed | null>(null);
  useEffect(() => {
    let first = true;
    const readSnapshot = () => {
      const preloaded = first;
      first = false;
      return preloaded
        ? queryClient.fetchQuery(snapshotQuery(trpc, { project, id }))
        : client.sessions.snapshot.query({ project, id });
    };
    const opened = openSessionFeed({
      readSnapshot,
      readEvents: (after, limit) => client.sessions.events.query({ project, id, after, limit }),
      subscribe: (listener) => subscribeToSession(getSocket(), { project, sessionId: id }, listener),
    });
    setFeed(opened);
    return () => opened.close();
  }, [client, trpc, queryClient, project, id]);
  const subscribe = useCallback((listener: () => void) => feed?.subscribe(listener) ?? (() => {}), [feed]);
  const view = useSyncExternalStore(
    subscribe,
    () => feed?.view() ?? nothingYet,
    () => nothingYet,
  );
  return { ...view, retry: () => feed?.retry() };
}
