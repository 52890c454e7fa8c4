'use client';
import { Ban, CircleCheck, CircleStop, Flag, type LucideIcon, TimerOff } from 'lucide-react';
import { Names } from '#src/components/names/names.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import { cn } from '#src/components/ui/cn.ts';
import type { DecisionRequest, Outcome } from './decision-request.ts';
import { describeOutcome } from './describe-decision.ts';

type Look = { icon: LucideIcon; tone: string };

const looks: Record<Outcome['decision'], Look> = {
  approved: { icon: CircleCheck, tone: 'text-ok' },
  denied: { icon: Ban, tone: 'text-bad' },
  expired: { icon: TimerOff, tone: 'text-warn' },
  cancelled: { icon: CircleStop, tone: 'text-dim' },
};

/** To have an agent conclude refuses nothing. */
const concluded: Look = { icon: Flag, tone: 'text-ok' };

type OutcomeLineProps = { request: Pick<DecisionRequest, 'kind'>; outcome: Outcome };

/** Who decided, when, and in which words. */
export function OutcomeLine({ request, outcome }: OutcomeLineProps) {
  const isConclusion = request.kind === 'pause' && outcome.decision === 'denied';
  const { icon: Icon, tone } = isConclusion ? concluded : looks[outcome.decision];
  return (
    <div className="grid gap-0.5">
      <p className="flex flex-wrap items-center gap-x-1.5">
        <Icon aria-hidden="true" className={cn('size-3.5', tone)} />
        <span>{describeOutcome(request, outcome)}</span>
        {outcome.at ? <TimeAgo at={outcome.at} className="text-dim text-xs" /> : null}
      </p>
      {outcome.reason ? (
        <blockquote className="whitespace-pre-wrap border-l-2 pl-2 text-dim [overflow-wrap:anywhere]">
          <Names>{outcome.reason}</Names>
        </blockquote>
      ) : null}
    </div>
  );
}
