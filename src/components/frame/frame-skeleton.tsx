import { Skeleton, SkeletonRows } from '../ui/skeleton.tsx';

/** The frame before it is known who is signed in; same measures as the real one. */
export function FrameSkeleton() {
  return (
    <div className="flex h-dvh">
      <title>TARS</title>
      <div className="hidden w-52 shrink-0 border-r bg-panel p-3 md:grid md:content-start md:gap-3">
        <Skeleton className="h-7 w-24" />
        <Skeleton className="h-7" />
        <Skeleton className="h-5 w-32" />
        <Skeleton className="h-5 w-28" />
      </div>
      <div className="grid flex-1 content-start gap-4 p-4">
        <Skeleton className="h-6 w-48" />
        <SkeletonRows rows={8} />
      </div>
    </div>
  );
}
