import { CircleCheck, CircleX } from 'lucide-react';
import { Badge } from '#src/components/ui/badge.tsx';
import { cn } from '#src/components/ui/cn.ts';

type PassRateProps = { passed: number; attempts: number; className?: string };

/** "78 % 14 of 18" with a bar, which only repeats what the words say. */
export function PassRate({ passed, attempts, className }: PassRateProps) {
  const percent = attempts === 0 ? null : Math.round((passed / attempts) * 100);
  return (
    <span className={cn('inline-grid gap-1', className)}>
      <span className="tabular whitespace-nowrap">
        <span className="font-semibold">{percent === null ? '–' : `${percent} %`}</span>{' '}
        <span className="text-dim text-xs">
          {passed} of {attempts}
        </span>
      </span>
      <span aria-hidden="true" className="flex h-1 w-24 overflow-hidden rounded bg-raised">
        <span className="bg-ok" style={{ width: `${percent ?? 0}%` }} />
        {percent === null ? null : <span className="flex-1 bg-bad" />}
      </span>
    </span>
  );
}

/** The verdict on one attempt: icon, colour and word. */
export function Verdict({ passed }: { passed: boolean }) {
  return passed ? (
    <Badge tone="ok">
      <CircleCheck aria-hidden="true" /> passed
    </Badge>
  ) : (
    <Badge tone="bad">
      <CircleX aria-hidden="true" /> failed
    </Badge>
  );
}
