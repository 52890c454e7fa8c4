import { CircleStop, CircleX, Hourglass, type LucideIcon, TimerOff } from 'lucide-react';
import { Names } from '#src/components/names/names.tsx';
import { cn } from '#src/components/ui/cn.ts';
import { plainError } from '#src/lib/plain-error.ts';
import type { SessionView } from '../schema.ts';
import { describeReason } from './describe-reason.ts';

type Banner = { icon: LucideIcon; tone: string; title: string; text: string };

/** Says why there is no answer: queued, failed, out of time, cancelled. Nothing while it runs and when it is complete. */
export function SessionBanner({ session }: { session: SessionView }) {
  const banner = bannerOf(session);
  if (!banner) return null;
  const { icon: Icon, tone, title, text } = banner;
  return (
    <div className={cn('m-3 flex gap-2.5 rounded-lg p-3', tone)}>
      <Icon aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0">
        <p className="font-semibold">{title}</p>
        <p className="[overflow-wrap:anywhere]">
          <Names>{text}</Names>
        </p>
      </div>
    </div>
  );
}

function bannerOf(session: SessionView): Banner | null {
  const reason = session.error ? plainError(session.error) : describeReason(session.statusReason);
  switch (session.status) {
    case 'pending':
      return {
        icon: Hourglass,
        tone: 'bg-raised',
        title:
          session.queuePosition === null ? 'In the queue' : `Number ${session.queuePosition} in the queue`,
        text: 'It starts by itself as soon as a worker is free. This page follows along.',
      };
    case 'failed':
      return {
        icon: CircleX,
        tone: 'bg-bad-soft text-bad',
        title: 'The investigation failed',
        text: reason || 'No reason was recorded. The trace shows the last calls.',
      };
    case 'timed_out':
      return {
        icon: TimerOff,
        tone: 'bg-bad-soft text-bad',
        title: 'The investigation ran out of time',
        text: reason || 'What was found until then stands below.',
      };
    case 'cancelled':
      return {
        icon: CircleStop,
        tone: 'bg-raised',
        title: 'Cancelled',
        text: reason || 'Somebody cancelled it. What was found until then stands below.',
      };
    case 'completed':
      return session.statusReason?.startsWith('budget:')
        ? { icon: TimerOff, tone: 'bg-warn-soft text-warn', title: 'Concluded early', text: reason }
        : null;
    // What waits stands in a bar of its own, always in view.
    case 'waiting':
    case 'running':
    case 'cancelling':
      return null;
  }
}
