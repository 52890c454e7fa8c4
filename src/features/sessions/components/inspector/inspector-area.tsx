'use client';
import { Dialog } from '#src/components/ui/dialog.tsx';
import { useMediaQuery } from '#src/components/use-media-query.ts';
import type { SessionState } from '../../session-state.ts';
import { CopyLink, InspectorPane, inspect } from './inspector.tsx';

const WIDE = '(min-width: 1200px)';

type InspectorAreaProps = { state: SessionState; selected: string | null; onClose: () => void };

/** The selected entry: beside the timeline where there is room, in a sheet where there is not. */
export function InspectorArea({ state, selected, onClose }: InspectorAreaProps) {
  const wide = useMediaQuery(WIDE);
  const inspected = selected ? inspect(state, selected) : null;
  if (wide) return inspected ? <InspectorPane {...inspected} onClose={onClose} /> : null;
  return (
    <Dialog
      open={inspected !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={inspected?.title ?? 'Inspector'}
      side="bottom"
    >
      <div className="thin-scroll grid min-h-40 grid-cols-[minmax(0,1fr)] content-start gap-3 overflow-y-auto p-4">
        {inspected?.body}
        <div>
          <CopyLink />
        </div>
      </div>
    </Dialog>
  );
}
