'use client';
import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '#src/components/ui/cn.ts';

type ItemFrameProps = {
  itemId: string;
  icon: ReactNode;
  title: ReactNode;
  /** Right of the title, of constant width: duration, size. */
  aside?: ReactNode;
  selected: boolean;
  onSelect: () => void;
  /** Present when the row can be unfolded. */
  expanded?: boolean | undefined;
  onToggle?: (() => void) | undefined;
  children?: ReactNode;
};

/** The shape all timeline entries share: an icon column, a heading that selects, a body below. */
export function ItemFrame(props: ItemFrameProps) {
  const { itemId, icon, title, aside, selected, onSelect, expanded, onToggle, children } = props;
  return (
    <div
      className={cn(
        'relative border-l-2 border-l-transparent py-0.5 pr-3 pl-2',
        selected && 'border-l-accent bg-accent-soft/55',
      )}
    >
      <div className="flex min-h-7 items-center gap-1.5">
        {onToggle ? (
          <button
            type="button"
            aria-label={expanded ? 'Fold' : 'Unfold'}
            aria-expanded={expanded}
            onClick={onToggle}
            className="flex size-5 shrink-0 items-center justify-center rounded text-dim hover:bg-raised"
          >
            <ChevronRight
              aria-hidden="true"
              className={cn('size-3.5 transition-transform', expanded && 'rotate-90')}
            />
          </button>
        ) : (
          <span className="size-5 shrink-0" />
        )}
        <button
          type="button"
          data-row={itemId}
          aria-current={selected ? 'true' : undefined}
          onClick={onSelect}
          className="flex min-h-7 min-w-0 flex-1 items-center gap-2 rounded text-left hover:bg-raised/70"
        >
          <span className="flex w-4 shrink-0 justify-center">{icon}</span>
          <span className="flex min-w-0 flex-1 items-center gap-2">{title}</span>
          {aside ? <span className="tabular shrink-0 text-dim text-xs">{aside}</span> : null}
        </button>
      </div>
      {children ? <div className="min-w-0 pb-1.5 pl-6.5 @md:pl-[3.35rem]">{children}</div> : null}
    </div>
  );
}
