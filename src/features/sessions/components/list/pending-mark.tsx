import { Hourglass } from 'lucide-react';
import { formatQuantity } from '#src/lib/format-number.ts';

/** That a session waits for decisions, in front of the line that describes it. */
export function PendingMark({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <span className="mr-1.5 inline-flex items-center gap-1 rounded bg-warn-soft px-1 font-medium text-warn">
      <Hourglass aria-hidden="true" className="size-3" />
      {formatQuantity(count, 'decision')}
    </span>
  );
}
