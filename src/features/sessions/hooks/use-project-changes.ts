'use client';
import { useEffect, useRef } from 'react';
import { getSocket } from '#src/components/data/socket.ts';
import { subscribeToProject } from './session-socket.ts';
import { LIST_REFRESH_MS } from './tunables.ts';

/** Calls `refresh` when sessions of the project changed, at once and then at most every `LIST_REFRESH_MS`. */
export function useProjectChanges(project: string, refresh: () => void): void {
  const latest = useRef(refresh);
  useEffect(() => {
    latest.current = refresh;
  });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let again = false;
    const run = () => {
      if (timer) {
        again = true;
        return;
      }
      latest.current();
      timer = setTimeout(() => {
        timer = undefined;
        if (!again) return;
        again = false;
        run();
      }, LIST_REFRESH_MS);
    };
    const unsubscribe = subscribeToProject(getSocket(), project, run);
    return () => {
      unsubscribe();
      clearTimeout(timer);
    };
  }, [project]);
}
