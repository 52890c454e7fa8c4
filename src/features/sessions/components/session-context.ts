'use client';
import { createContext, use } from 'react';

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
  /** Opens an item in the inspector and brings it into view; null closes the inspector. */
  select: (itemId: string | null) => void;
};

export const SessionContext = createContext<SessionPageContext | null>(null);

export function useSessionContext(): SessionPageContext {
  const value = use(SessionContext);
  if (!value) throw new Error('this component belongs below a session page');
  return value;
}
