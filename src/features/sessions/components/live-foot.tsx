import { Hourglass } from 'lucide-react';
import { Spinner } from '#src/components/ui/spinner.tsx';
import { formatQuantity } from '#src/lib/format-number.ts';
import type { SessionView, TimelineItem } from '../schema.ts';

/** The end of a running timeline: a line of constant height that says what it waits for. */
export function LiveFoot({ session, items }: { session: SessionView; items: readonly TimelineItem[] }) {
  const quiet =
    session.status === 'running' && items.findLast(({ status }) => status === 'streaming') === undefined;
  return (
    <div aria-live="off" className="flex h-10 items-center gap-2 px-[2.35rem] text-dim">
      {quiet ? (
        <>
          <Spinner className="text-accent" />{' '}
          {session.stages.length === 0 ? 'Starting' : 'Waiting for the model'}
        </>
      ) : null}
      {session.status === 'waiting' ? (
        <>
          <Hourglass aria-hidden="true" className="size-3.5 text-warn" />
          {session.pendingApprovals.length > 0
            ? `Waiting for ${formatQuantity(session.pendingApprovals.length, 'decision')} of a person`
            : 'Goes on in a moment'}
        </>
      ) : null}
      {session.status === 'cancelling' ? 'Stopping at the next step' : null}
    </div>
  );
}
