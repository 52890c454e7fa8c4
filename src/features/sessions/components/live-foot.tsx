import { Spinner } from '#src/components/ui/spinner.tsx';
import type { SessionView, TimelineItem } from '../schema.ts';

/** The end of a running timeline: a line of constant height that says what it waits for. */
export function LiveFoot({ session, last }: { session: SessionView; last: TimelineItem | undefined }) {
  const waits = session.status === 'running' && last?.status !== 'streaming';
  return (
    <div aria-live="off" className="flex h-10 items-center gap-2 px-[2.35rem] text-dim">
      {waits ? (
        <>
          <Spinner className="text-accent" />{' '}
          {session.stages.length === 0 ? 'Starting' : 'Waiting for the model'}
        </>
      ) : null}
      {session.status === 'cancelling' ? 'Stopping at the next step' : null}
    </div>
  );
}
