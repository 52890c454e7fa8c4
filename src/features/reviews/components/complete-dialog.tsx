import { type KeyboardEvent, useState } from 'react';
import { Button } from '#src/components/ui/button.tsx';
import { cn } from '#src/components/ui/cn.ts';
import { Dialog } from '#src/components/ui/dialog.tsx';
import { Field, Textarea } from '#src/components/ui/field.tsx';
import { Kbd } from '#src/components/ui/kbd.tsx';
import { type Rating, ratings, type SessionReview } from '#src/features/sessions/schema.ts';
import { formatQuantity } from '#src/lib/format-number.ts';
import { REVIEW_TEXT_MAX_CHARS, type ReviewCommand } from '../schema.ts';
import { ratingLooks } from './review-badge.tsx';

type CompleteDialogProps = {
  /** Null keeps it closed. */
  count: number | null;
  /** What was said before, when one reviewed session is edited. */
  before?: SessionReview | undefined;
  onClose: () => void;
  onComplete: (feedback: Pick<ReviewCommand, 'rating' | 'actionTaken' | 'note'>) => void;
};

/** Asks how good the investigation was and what was done. */
export function CompleteDialog({ count, before, onClose, onComplete }: CompleteDialogProps) {
  if (count === null) return null;
  const title = count === 1 ? 'Complete the review' : `Complete ${formatQuantity(count, 'review')}`;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title}>
      <CompleteForm before={before} onClose={onClose} onComplete={onComplete} />
    </Dialog>
  );
}

function CompleteForm({ before, onClose, onComplete }: Omit<CompleteDialogProps, 'count'>) {
  const [rating, setRating] = useState<Rating | null>(before?.rating ?? null);
  const [actionTaken, setActionTaken] = useState(before?.actionTaken ?? '');
  const [note, setNote] = useState(before?.note ?? '');
  const submit = () => {
    if (rating) onComplete({ rating, actionTaken, note });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    submit();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Ctrl+Enter in any field completes.
    <div className="thin-scroll grid gap-3 overflow-y-auto p-4" onKeyDown={onKeyDown}>
      <RatingChoice value={rating} onChange={setRating} />
      <Field id="review-action" label="What was done" hint="For example: rolled back the deployment.">
        {(aria) => (
          <Textarea
            {...aria}
            value={actionTaken}
            maxLength={REVIEW_TEXT_MAX_CHARS}
            onChange={(event) => setActionTaken(event.target.value)}
          />
        )}
      </Field>
      <Field
        id="review-note"
        label="Feedback"
        hint="What was right, wrong or missing. TARS learns from it for later investigations."
      >
        {(aria) => (
          <Textarea
            {...aria}
            value={note}
            maxLength={REVIEW_TEXT_MAX_CHARS}
            onChange={(event) => setNote(event.target.value)}
          />
        )}
      </Field>
      <div className="flex items-center justify-end gap-2">
        <Button onClick={onClose}>Not now</Button>
        <Button variant="primary" disabled={!rating} onClick={submit}>
          Complete <Kbd>Ctrl/⌘ ↵</Kbd>
        </Button>
      </div>
    </div>
  );
}

function RatingChoice({ value, onChange }: { value: Rating | null; onChange: (rating: Rating) => void }) {
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 font-medium text-sm">Was the investigation right?</legend>
      <div className="grid gap-2 sm:grid-cols-3">
        {ratings.map((rating, index) => {
          const { word, icon: Icon } = ratingLooks[rating];
          return (
            <label
              key={rating}
              className={cn(
                'flex h-9 cursor-pointer items-center gap-2 rounded-md border px-2.5 has-focus-visible:outline-2 has-focus-visible:outline-accent',
                value === rating && 'border-accent bg-accent-soft font-medium text-accent',
              )}
            >
              <input
                type="radio"
                name="rating"
                className="sr-only"
                // biome-ignore lint/a11y/noAutofocus: else the dialog focuses its close button, and no key chooses.
                autoFocus={index === 0}
                checked={value === rating}
                onChange={() => onChange(rating)}
              />
              <Icon aria-hidden="true" className="size-3.5 shrink-0" />
              {word}
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
