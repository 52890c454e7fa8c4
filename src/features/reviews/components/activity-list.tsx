import { Names } from '#src/components/names/names.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import { Skeleton } from '#src/components/ui/skeleton.tsx';
import type { ReviewAction, ReviewActivity } from '../schema.ts';
import { RatingBadge } from './review-badge.tsx';

const did: Record<ReviewAction, string> = {
  claim: 'claimed it',
  unclaim: 'gave it back',
  complete: 'completed the review',
  reopen: 'reopened it',
  acknowledge: 'acknowledged it',
};

type Props = { activity: readonly ReviewActivity[] | undefined; failed: boolean };

/** Who did what, newest first. */
export function ActivityList({ activity, failed }: Props) {
  if (failed)
    return (
      <p className="py-1 text-bad text-xs">The history could not be read. Fold and unfold to try again.</p>
    );
  if (!activity) return <Skeleton className="mt-1 h-4 w-1/2" />;
  if (activity.length === 0) return <p className="py-1 text-dim text-xs">Nobody has done anything yet.</p>;
  return (
    <ol className="grid gap-1 py-1">
      {activity.map((entry) => (
        <li key={entry.id} className="flex flex-wrap items-center gap-x-2 text-xs">
          <span>
            <span className="font-medium">{entry.actor}</span> {did[entry.action]}
          </span>
          <RatingBadge rating={entry.rating} />
          <TimeAgo at={entry.createdAt} className="text-dim" />
          {entry.note ? (
            <span className="basis-full text-dim [overflow-wrap:anywhere]">
              <Names>{entry.note}</Names>
            </span>
          ) : null}
        </li>
      ))}
    </ol>
  );
}
