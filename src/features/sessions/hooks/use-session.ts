'use client';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { getSocket } from '#src/components/data/socket.ts';
import { useTRPCClient } from '#src/components/data/trpc.ts';
import { type FeedView, openSessionFeed, type SessionFeed } from './session-feed.ts';
import { subscribeToSession } from './session-socket.ts';

const nothingYet: FeedView = { state: null, connection: 'connecting', error: null };

/** The live state of one session; its room is left when the page is. */
export function useSession(project: string, id: string): FeedView & { retry: () => void } {
  const client = useTRPCClient();
  const [feed, setFeed] = useState<SessionFeed | null>(null);
  useEffect(() => {
    const opened = openSessionFeed({
      readSnapshot: () => client.sessions.snapshot.query({ project, id }),
      readEvents: (after, limit) => client.sessions.events.query({ project, id, after, limit }),
      subscribe: (listener) => subscribeToSession(getSocket(), { project, sessionId: id }, listener),
    });
    setFeed(opened);
    return () => opened.close();
  }, [client, project, id]);
  const subscribe = useCallback((listener: () => void) => feed?.subscribe(listener) ?? (() => {}), [feed]);
  const view = useSyncExternalStore(
    subscribe,
    () => feed?.view() ?? nothingYet,
    () => nothingYet,
  );
  return { ...view, retry: () => feed?.retry() };
}
