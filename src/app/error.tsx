'use client';
import { RotateCw, TriangleAlert } from 'lucide-react';
import { EmptyState } from '#src/components/empty-state.tsx';
import { Button } from '#src/components/ui/button.tsx';

/** A component failed while rendering. What runs on the server is not affected. */
export default function PageError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <>
      <title>Page failed · TARS</title>
      <EmptyState
        icon={TriangleAlert}
        title="This page failed to render"
        action={
          <div className="flex gap-2">
            <Button variant="primary" onClick={reset}>
              <RotateCw /> Try again
            </Button>
            <Button asChild>
              <a href="/">Start page</a>
            </Button>
          </div>
        }
      >
        Investigations go on; only the view is affected.{' '}
        {error.digest ? `Reference ${error.digest}.` : error.message}
      </EmptyState>
    </>
  );
}
