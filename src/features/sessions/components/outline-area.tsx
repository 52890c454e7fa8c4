'use client';
import { Dialog } from '#src/components/ui/dialog.tsx';
import type { SessionState } from '../session-state.ts';
import { Outline } from './outline.tsx';
import type { TimelineView } from './use-timeline-view.ts';

type OutlineAreaProps = {
  state: SessionState;
  view: TimelineView;
  drawerOpen: boolean;
  onDrawer: (open: boolean) => void;
};

/** The outline: a column on wide screens, a drawer that closes with each choice on narrow ones. */
export function OutlineArea({ state, view, drawerOpen, onDrawer }: OutlineAreaProps) {
  const choose =
    <T extends unknown[]>(action: (...args: T) => void) =>
    (...args: T) => {
      onDrawer(false);
      action(...args);
    };
  const outline = (
    <Outline
      session={state.session}
      selected={view.selected}
      onAlert={choose(() => view.open('alert'))}
      onAnswer={choose(view.toTop)}
      onStage={choose((id: string) => view.reveal(`stage:${id}`))}
      onExecution={choose((id: string) => {
        view.open(`execution:${id}`);
        const first = state.items.find((item) => item.executionId === id);
        if (first) view.reveal(first.id);
      })}
    />
  );
  return (
    <>
      <div className="hidden w-56 shrink-0 border-r bg-panel lg:flex lg:flex-col">{outline}</div>
      <Dialog open={drawerOpen} onOpenChange={onDrawer} title="Outline" side="left">
        {outline}
      </Dialog>
    </>
  );
}
