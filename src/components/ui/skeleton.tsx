import { cn } from './cn.ts';

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden="true" className={cn('animate-pulse rounded bg-raised', className)} />;
}

/** Placeholder of a list with rows of the height of the real ones, so that nothing jumps when they come. */
export function SkeletonRows({ rows, rowClassName = 'h-9' }: { rows: number; rowClassName?: string }) {
  return (
    <div role="status" aria-label="Loading" className="grid gap-px">
      {Array.from({ length: rows }, (_, index) => index).map((index) => (
        <div key={index} className={cn('flex items-center gap-3 px-3', rowClassName)}>
          <Skeleton className="h-3 w-16" />
          <Skeleton className="h-3 flex-1" />
          <Skeleton className="hidden h-3 w-24 sm:block" />
        </div>
      ))}
    </div>
  );
}
