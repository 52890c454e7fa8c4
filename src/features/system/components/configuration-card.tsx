'use client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Card } from '#src/components/card.tsx';
import { CopyButton } from '#src/components/copy-button.tsx';
import { useTRPC } from '#src/components/data/trpc.ts';
import { ErrorState } from '#src/components/error-state.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { Skeleton } from '#src/components/ui/skeleton.tsx';

/** What holds after all files, defaults and variables are resolved; secrets are blacked out by the server. */
export function ConfigurationCard({ project }: { project: string }) {
  const trpc = useTRPC();
  const [open, setOpen] = useState(false);
  const configuration = useQuery(trpc.system.configuration.queryOptions({ project }, { enabled: open }));
  const yaml = configuration.data?.yaml;
  return (
    <Card
      title="Effective configuration"
      wide
      aside={
        <>
          {yaml ? <CopyButton label="Copy the configuration" text={() => yaml} /> : null}
          <Button size="sm" variant="ghost" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Hide' : 'Show'}
          </Button>
        </>
      }
    >
      {open ? (
        <div className="p-4">
          {configuration.isPending ? <Skeleton className="h-48" /> : null}
          {configuration.isError ? (
            <ErrorState
              error={configuration.error}
              what="the configuration"
              onRetry={() => void configuration.refetch()}
            />
          ) : null}
          {yaml ? (
            <pre
              // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard.
              tabIndex={0}
              className="thin-scroll max-h-[32rem] overflow-auto rounded-md border bg-raised px-3 py-2 text-xs leading-relaxed"
            >
              {yaml}
            </pre>
          ) : null}
        </div>
      ) : (
        <p className="px-4 py-2.5 text-dim text-xs">
          Files, defaults and variables as they hold now, without secrets.
        </p>
      )}
    </Card>
  );
}
