'use client';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTRPC } from '../data/trpc.ts';
import { NamesContext } from './names-context.ts';
import { ASK_AGAIN_DELAY_MS } from './tunables.ts';

type Props = {
  project: string;
  sessionId: string;
  /** Where the model's own view is what people come for. */
  asModelFirst?: boolean;
  children: ReactNode;
};

/**
 * Gives names to the texts of a session below it. They are fetched once a placeholder is met, so a session without any costs
 * nothing, and again when one is met that is not among them. What stays unknown is asked for once: anybody can write
 * something that looks like a placeholder.
 */
export function SessionNames({ project, sessionId, asModelFirst = false, children }: Props) {
  const trpc = useTRPC();
  const [wanted, setWanted] = useState(false);
  const [asModel, setAsModel] = useState(asModelFirst);
  const asked = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const { data, refetch } = useQuery({
    ...trpc.sessions.names.queryOptions({ project, id: sessionId }),
    enabled: wanted,
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  const miss = useCallback(
    (placeholders: readonly string[]) => {
      const fresh = placeholders.filter((placeholder) => !asked.current.has(placeholder));
      if (fresh.length === 0) return;
      for (const placeholder of fresh) asked.current.add(placeholder);
      if (!wanted) return setWanted(true);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void refetch(), ASK_AGAIN_DELAY_MS);
    },
    [wanted, refetch],
  );
  const value = useMemo(() => {
    const names = new Map(Object.entries(data ?? {}));
    return {
      nameOf: (placeholder: string) => (asModel ? undefined : names.get(placeholder)),
      miss,
      switch: names.size > 0 ? { asModel, set: setAsModel } : null,
    };
  }, [data, asModel, miss]);
  return <NamesContext value={value}>{children}</NamesContext>;
}
