'use client';
import { Dialog } from '#src/components/ui/dialog.tsx';
import { useExecutionUsage } from '../hooks/use-execution-usage.ts';
import type { SessionState } from '../session-state.ts';
import { Outline } from './outline.tsx';
import { executionKey } from './timeline/build-rows.ts';
import type { TimelineView } from './use-timeline-view.ts';

type OutlineAreaProps = {
  project: string;
  state: SessionState;
  view: TimelineView;
  drawerOpen: boolean;
  onDrawer: (open: boolean) => void;
};

/** The outline: a column on wide screens, a drawer that closes with each choice on narrow ones. */
export function OutlineArea({ project, state, view, drawerOpen, onDrawer }: OutlineAreaProps) {
  const usage = useExecutionUsage(project, state.session);
  const choose =
    <T extends unknown[]>(action: (...args: T) => void) =>
    (...args: T) => {
      onDrawer(false);
      action(...args);
    };
  const outline = (
    <Outline
      session={state.session}
      usage={usage}
      selected={view.selected}
      onAlert={choose(() => view.open('alert'))}
      onRunbook={choose(() => view.open('runbook'))}
      onAnswer={choose(view.toTop)}
      onStage={choose((id: string) => view.reveal(`stage:${id}`))}
      onExecution={choose((id: string) => {
        view.open(executionKey(id));
        view.reveal(firstRowOf(id, state));
      })}
    />
  );
  return (
    <>
      <div className="hidden w-60 shrink-0 border-r bg-panel lg:flex lg:flex-col">{outline}</div>
      <Dialog open={drawerOpen} onOpenChange={onDrawer} title="Outline" side="left">
        {outline}
      </Dialog>
    </>
  );
}

/** Where an agent begins: the head of a sub-agent's group, the first entry of another. */
function firstRowOf(executionId: string, { session, items }: SessionState): string {
  const stage = session.stages.find(({ executions }) => executions.some(({ id }) => id === executionId));
  const execution = stage?.executions.find(({ id }) => id === executionId);
  if (execution?.parentExecutionId) return executionKey(executionId);
  return items.find((item) => item.executionId === executionId)?.id ?? executionKey(executionId);
}
