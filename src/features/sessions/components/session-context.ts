'use client';
import { createContext, use } from 'react';
import type { RunStatusName } from '#src/components/run-status.tsx';
import type { ExecutionView } from '../schema.ts';
import { shownStatus } from './paused-agents.ts';

/** Where a tool call stands in the timeline, found by the id that answers refer to it with. */
export type CallPlace = {
  itemId: string;
  label: string;
  /** Whether it has a result that a claim may rest on; a call that failed or was not run has none. */
  completed: boolean;
};

export type SessionPageContext = {
  project: string;
  sessionId: string;
  calls: ReadonlyMap<string, CallPlace>;
  /** Executions that wait for somebody to say whether they go on. */
  paused: ReadonlySet<string>;
  /** Opens an item in the inspector and brings it into view; null closes the inspector. */
  select: (itemId: string | null) => void;
};

export const SessionContext = createContext<SessionPageContext | null>(null);

export function useSessionContext(): SessionPageContext {
  const value = use(SessionContext);
  if (!value) throw new Error('this component belongs below a session page');
  return value;
}

/** How an agent stands, for people. */
export function useShownStatus(execution: Pick<ExecutionView, 'id' | 'status'>): RunStatusName {
  const { paused } = useSessionContext();
  return shownStatus(execution, paused);
}
