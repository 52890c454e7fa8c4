'use client';
import { RotateCw, TriangleAlert } from 'lucide-react';
import { describeError, isPermanent } from './data/describe-error.ts';
import { Button } from './ui/button.tsx';

type ErrorStateProps = { error: unknown; what: string; onRetry: () => void };

/**
 * A failed read: what failed, why as far as the server says, the request to name when asking for help, and a retry, where
 * that could end otherwise.
 */
export function ErrorState({ error, what, onRetry }: ErrorStateProps) {
  const { message, requestId } = describeError(error);
  return (
    <div role="alert" className="grid justify-items-center gap-2 px-6 py-12 text-center">
      <TriangleAlert aria-hidden="true" className="size-6 text-bad" />
      <p className="font-medium text-base">Could not load {what}</p>
      <p className="max-w-md text-dim">{message}</p>
      {requestId ? <p className="text-dim text-xs">Request {requestId}</p> : null}
      {isPermanent(error) ? null : (
        <Button className="mt-2" onClick={onRetry}>
          <RotateCw /> Try again
        </Button>
      )}
    </div>
  );
}
