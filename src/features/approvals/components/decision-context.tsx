'use client';
import { createContext, type ReactNode, use, useCallback, useMemo, useState } from 'react';
import { useMay } from '#src/components/frame/project-context.tsx';
import { SessionNames } from '#src/components/names/session-names.tsx';
import { DecisionDialog } from './decision-dialog.tsx';
import type { DecisionMode } from './decision-modes.ts';
import type { DecisionRequest, Outcome } from './decision-request.ts';
import { type Decide, useDecide } from './use-decide.ts';

type DecisionContextValue = {
  /** Whether the reader may decide; others only see. */
  may: boolean;
  decide: Decide;
  /** The request whose decision is on its way. */
  deciding: string | null;
  /** Asks for confirmation, a reason or an answer first. */
  ask: (request: DecisionRequest, mode: DecisionMode) => void;
};

const DecisionContext = createContext<DecisionContextValue | null>(null);

type DecisionProviderProps = {
  project: string;
  /** How a request went, as far as the page knows; null while it waits. */
  outcomeOf: (id: string) => Outcome | null;
  children: ReactNode;
};

/**
 * What decides on a page. The dialog is here and not with the buttons, which come and go as entries scroll out of view and
 * are decided by others.
 */
export function DecisionProvider({ project, outcomeOf, children }: DecisionProviderProps) {
  const may = useMay('operator');
  const { decide, deciding } = useDecide(project);
  const [asked, setAsked] = useState<{ request: DecisionRequest; mode: DecisionMode } | null>(null);
  const ask = useCallback((request: DecisionRequest, mode: DecisionMode) => setAsked({ request, mode }), []);
  const value = useMemo(() => ({ may, decide, deciding, ask }), [may, decide, deciding, ask]);
  return (
    <DecisionContext value={value}>
      {children}
      {asked ? (
        <NamesOf project={project} request={asked.request}>
          <DecisionDialog
            key={`${asked.request.id} ${asked.mode}`}
            request={asked.request}
            mode={asked.mode}
            outcome={outcomeOf(asked.request.id)}
            onClose={() => setAsked(null)}
            onDecide={(decision) => {
              decide(asked.request.id, decision);
              setAsked(null);
            }}
          />
        </NamesOf>
      ) : null}
    </DecisionContext>
  );
}

type NamesOfProps = { project: string; request: DecisionRequest; children: ReactNode };

/** The inbox shows requests of many sessions, each with names of its own. */
function NamesOf({ project, request, children }: NamesOfProps) {
  if (request.sessionId === null) return children;
  return (
    <SessionNames project={project} sessionId={request.sessionId}>
      {children}
    </SessionNames>
  );
}

export function useDecisions(): DecisionContextValue {
  const value = use(DecisionContext);
  if (!value) throw new Error('this component belongs below a DecisionProvider');
  return value;
}
