'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ClipboardCheck } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { describeError } from '#src/components/data/describe-error.ts';
import { useTRPC } from '#src/components/data/trpc.ts';
import { useMay } from '#src/components/frame/project-context.tsx';
import { Names } from '#src/components/names/names.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { isTerminal, type SessionView } from '#src/features/sessions/schema.ts';
import { nextReviewStatus } from '../review-transitions.ts';
import { type ReviewAction, type ReviewCommand, reviewActions } from '../schema.ts';
import { actionLooks } from './action-looks.ts';
import { ActivityList } from './activity-list.tsx';
import { CompleteDialog } from './complete-dialog.tsx';
import { RatingBadge, ReviewBadge } from './review-badge.tsx';

type ReviewCardProps = { project: string; session: SessionView };

/** What people made of the investigation, and what they may do about it. The page follows through its own events. */
export function ReviewCard({ project, session }: ReviewCardProps) {
  const { review } = session;
  return (
    <section aria-label="Review" className="border-b bg-panel px-4 py-3 md:px-5">
      <div className="mx-auto grid max-w-3xl gap-2">
        <div className="flex flex-wrap items-center gap-2">
          <h2 className="flex items-center gap-1.5 font-semibold">
            <ClipboardCheck aria-hidden="true" className="size-3.5 text-accent" /> Review
          </h2>
          <ReviewBadge status={review.status} />
          <RatingBadge rating={review.rating} />
          <span className="text-dim">
            {review.assignee ? <>by {review.assignee} </> : null}
            {review.reviewedAt ? <TimeAgo at={review.reviewedAt} /> : null}
          </span>
          <span className="flex-1" />
          <ReviewActions project={project} session={session} />
        </div>
        {review.actionTaken ? <Text label="What was done" text={review.actionTaken} /> : null}
        {review.note ? <Text label="Feedback" text={review.note} /> : null}
        <History project={project} session={session} />
      </div>
    </section>
  );
}

function Text({ label, text }: { label: string; text: string }) {
  return (
    <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">
      <span className="text-dim">{label}: </span>
      <Names>{text}</Names>
    </p>
  );
}

function ReviewActions({ project, session }: ReviewCardProps) {
  const trpc = useTRPC();
  const mayOperate = useMay('operator');
  const queryClient = useQueryClient();
  const [completing, setCompleting] = useState(false);
  const review = useMutation(
    trpc.reviews.review.mutationOptions({
      onError: (error) => void toast.error(describeError(error).message),
      onSettled: () =>
        queryClient.invalidateQueries({
          queryKey: trpc.reviews.activity.queryKey({ project, id: session.id }),
        }),
    }),
  );
  if (!mayOperate) return null;
  const send = (command: ReviewCommand) =>
    review.mutate({ project, id: session.id, command: { ...command, from: session.review.status } });
  const place = { status: session.review.status, ended: isTerminal(session.status) };
  const act = (action: ReviewAction) => (action === 'complete' ? setCompleting(true) : send({ action }));
  return (
    <div className="flex flex-wrap gap-1.5">
      {reviewActions
        .filter((action) => nextReviewStatus(place, action) !== undefined)
        .map((action) => {
          const { word, icon: Icon } = actionLooks[action];
          return (
            <Button key={action} size="sm" disabled={review.isPending} onClick={() => act(action)}>
              <Icon /> {action === 'complete' && place.status === 'reviewed' ? 'Edit feedback' : word}
            </Button>
          );
        })}
      <CompleteDialog
        count={completing ? 1 : null}
        before={session.review}
        onClose={() => setCompleting(false)}
        onComplete={(feedback) => {
          setCompleting(false);
          send({ action: 'complete', ...feedback });
        }}
      />
    </div>
  );
}

function History({ project, session }: ReviewCardProps) {
  const trpc = useTRPC();
  const [open, setOpen] = useState(false);
  const activity = useQuery(
    trpc.reviews.activity.queryOptions({ project, id: session.id }, { enabled: open }),
  );
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit rounded text-dim text-xs hover:text-text">History</summary>
      <ActivityList activity={activity.data?.items} failed={activity.isError} />
    </details>
  );
}
