'use client';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Flame, Wrench } from 'lucide-react';
import { toast } from 'sonner';
import { describeError } from '#src/components/data/describe-error.ts';
import { useTRPC } from '#src/components/data/trpc.ts';
import { Badge } from '#src/components/ui/badge.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { Spinner } from '#src/components/ui/spinner.tsx';

type SamplePickerProps = { project: string; onStarted: (sessionId: string, deduplicated: boolean) => void };

/** Incidents that are ready to fire, where the installation offers some (the demo does). */
export function SamplePicker({ project, onStarted }: SamplePickerProps) {
  const trpc = useTRPC();
  const samples = useQuery(trpc.alerts.samples.queryOptions({ project }));
  const fire = useMutation(
    trpc.alerts.fireSample.mutationOptions({
      onError: (error) => toast.error(describeError(error).message),
      onSuccess: ({ sessionId, deduplicated }) => {
        if (sessionId) onStarted(sessionId, deduplicated);
        else toast.info('The alert was taken; it started no investigation.');
      },
    }),
  );
  if (!samples.data || samples.data.items.length === 0) return null;
  return (
    <section aria-labelledby="samples" className="rounded-xl border bg-panel">
      <h2 id="samples" className="border-b px-4 py-2.5 font-semibold">
        Fire a ready incident
      </h2>
      <ul>
        {samples.data.items.map((sample) => (
          <li key={sample.id} className="flex items-center gap-3 border-b px-4 py-2.5 last:border-b-0">
            <div className="min-w-0 flex-1">
              <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
                <span className="min-w-0 font-medium [overflow-wrap:anywhere]">{sample.title}</span>
                {sample.acts ? (
                  <Badge>
                    <Wrench aria-hidden="true" /> proposes a repair
                  </Badge>
                ) : null}
              </p>
              <p className="text-dim text-xs">{sample.description}</p>
            </div>
            <Button
              size="sm"
              aria-label={`Fire ${sample.title}`}
              disabled={fire.isPending}
              onClick={() => fire.mutate({ project, id: sample.id })}
            >
              {fire.isPending && fire.variables.id === sample.id ? <Spinner /> : <Flame />} Fire
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
