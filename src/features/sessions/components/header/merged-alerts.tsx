'use client';
import { useQuery } from '@tanstack/react-query';
import { Layers } from 'lucide-react';
import { useState } from 'react';
import { useTRPC } from '#src/components/data/trpc.ts';
import { TimeAgo } from '#src/components/time.tsx';
import { Popover, PopoverContent, PopoverTrigger } from '#src/components/ui/popover.tsx';
import { Skeleton } from '#src/components/ui/skeleton.tsx';
import { formatQuantity } from '#src/lib/format-number.ts';
import type { SessionView } from '../../schema.ts';

/** "alert seen 14 times", and on demand which deliveries were merged into this session, and why. */
export function MergedAlerts({ project, session }: { project: string; session: SessionView }) {
  const { alert } = session;
  const [open, setOpen] = useState(false);
  const trpc = useTRPC();
  const deliveries = useQuery(
    trpc.sessions.deliveries.queryOptions({ project, id: session.id }, { enabled: open, staleTime: 0 }),
  );
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger className="inline-flex items-center gap-1 rounded underline decoration-dotted underline-offset-2 hover:text-text">
        <Layers aria-hidden="true" className="size-3" />
        alert seen {alert.count === 1 ? 'once' : formatQuantity(alert.count, 'time')}
      </PopoverTrigger>
      <PopoverContent align="start" className="w-96">
        <p className="mb-2">
          One problem, one investigation: deliveries with the same fingerprint count up here and start nothing
          new, until the alert is resolved.
        </p>
        <p className="mb-2 text-dim text-xs">
          Fingerprint <code>{alert.fingerprint ?? 'none'}</code> · {alert.status}
        </p>
        {deliveries.isPending ? <Skeleton className="h-24" /> : null}
        {deliveries.isError ? (
          <button type="button" className="text-bad underline" onClick={() => void deliveries.refetch()}>
            Could not load the deliveries. Try again
          </button>
        ) : null}
        {deliveries.data ? (
          <>
            <ul className="thin-scroll grid max-h-64 gap-1.5 overflow-y-auto">
              {deliveries.data.items.map((delivery, index) => (
                <li
                  // biome-ignore lint/suspicious/noArrayIndexKey: a log; two deliveries may come in the same millisecond.
                  key={index}
                  className="grid grid-cols-[6rem_1fr] gap-2 text-xs"
                >
                  <TimeAgo at={delivery.receivedAt} className="text-dim" />
                  <span>
                    {delivery.status} via {delivery.source}: {delivery.reason}
                  </span>
                </li>
              ))}
            </ul>
            {deliveries.data.total > deliveries.data.items.length ? (
              <p className="mt-2 text-dim text-xs">
                and {deliveries.data.total - deliveries.data.items.length} earlier deliveries
              </p>
            ) : null}
          </>
        ) : null}
      </PopoverContent>
    </Popover>
  );
}
