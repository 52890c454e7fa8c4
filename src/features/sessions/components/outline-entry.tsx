import type { ReactNode } from 'react';
import { cn } from '#src/components/ui/cn.ts';
import { OUTLINE_ENTRY } from './use-outline-keys.ts';

type OutlineEntryProps = {
  icon: ReactNode;
  children: ReactNode;
  aside?: ReactNode;
  /** A second, quieter line. */
  below?: ReactNode;
  onClick: () => void;
  current?: boolean;
  strong?: boolean;
};

/** One line of the outline that leads somewhere. */
export function OutlineEntry({ icon, children, aside, below, onClick, current, strong }: OutlineEntryProps) {
  return (
    <button
      type="button"
      {...{ [OUTLINE_ENTRY]: '' }}
      onClick={onClick}
      aria-current={current ? 'true' : undefined}
      className={cn(
        'grid w-full grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-2 rounded-md px-2 py-1 text-left hover:bg-raised',
        strong && 'font-medium',
        current && 'bg-accent-soft hover:bg-accent-soft',
      )}
    >
      {icon}
      <span className="truncate">{children}</span>
      <span className="tabular font-normal text-dim text-xs">{aside}</span>
      {below ? (
        <span className="tabular col-start-2 col-end-4 line-clamp-2 font-normal text-dim text-xs">
          {below}
        </span>
      ) : null}
    </button>
  );
}
