import { X } from 'lucide-react';
import { Button } from '#src/components/ui/button.tsx';
import { formatQuantity } from '#src/lib/format-number.ts';
import { type ReviewAction, reviewActions } from '../../schema.ts';
import { actionLooks } from '../action-looks.ts';

type BulkBarProps = {
  count: number;
  possible: ReadonlySet<ReviewAction>;
  onAction: (action: ReviewAction) => void;
  onClear: () => void;
};

/** What can be done with the selected sessions. */
export function BulkBar({ count, possible, onAction, onClear }: BulkBarProps) {
  if (count === 0) return null;
  return (
    <section
      aria-label="Selected sessions"
      className="flex flex-wrap items-center gap-2 border-t bg-panel px-3 py-2 shadow-float md:px-4"
    >
      <span aria-live="polite" className="tabular font-medium">
        {formatQuantity(count, 'session')} selected
      </span>
      {reviewActions
        .filter((action) => possible.has(action))
        .map((action) => {
          const { word, icon: Icon, keys } = actionLooks[action];
          return (
            <Button key={action} size="sm" title={`${word} (${keys})`} onClick={() => onAction(action)}>
              <Icon /> {word}
            </Button>
          );
        })}
      <span className="flex-1" />
      <Button size="sm" variant="ghost" onClick={onClear}>
        <X /> Clear selection
      </Button>
    </section>
  );
}
