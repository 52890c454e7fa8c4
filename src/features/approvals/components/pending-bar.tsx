'use client';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { Names } from '#src/components/names/names.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { Kbd } from '#src/components/ui/kbd.tsx';
import { Countdown } from './countdown.tsx';
import { useDecisions } from './decision-context.tsx';
import { type DecisionMode, modesOf } from './decision-modes.ts';
import type { DecisionRequest } from './decision-request.ts';
import { describeRequest, summariseRequest } from './describe-decision.ts';
import { RequestIcon } from './request-icon.tsx';

type PendingBarProps = {
  requests: readonly DecisionRequest[];
  current: DecisionRequest;
  onCurrent: (request: DecisionRequest) => void;
  /** Leads to its entry in the timeline. */
  onShow: (request: DecisionRequest) => void;
};

/** Always in view while something waits: what, for how long, and the way to decide. */
export function PendingBar({ requests, current, onCurrent, onShow }: PendingBarProps) {
  const { may, ask, deciding } = useDecisions();
  const at = requests.indexOf(current);
  const step = (by: 1 | -1) => {
    const next = requests[(at + by + requests.length) % requests.length];
    if (next) onCurrent(next);
  };
  return (
    <section
      aria-label="Waiting for a decision"
      className="@container shrink-0 border-warn/50 border-t-2 bg-warn-soft px-3 py-2"
    >
      <div className="grid items-center gap-x-3 gap-y-1.5 @2xl:grid-cols-[minmax(0,1fr)_auto]">
        <div className="flex min-w-0 items-start gap-2">
          <RequestIcon kind={current.kind} className="mt-0.5" />
          <button type="button" onClick={() => onShow(current)} className="min-w-0 flex-1 rounded text-left">
            <span className="block font-medium [overflow-wrap:anywhere] hover:underline">
              {describeRequest(current)}
            </span>
            <span className="line-clamp-2 text-xs @2xl:line-clamp-1">
              <Names>{summariseRequest(current)}</Names>
            </span>
          </button>
        </div>
        <div className="flex flex-wrap items-center justify-end gap-x-2 gap-y-1">
          <Countdown until={current.expiresAt} className="mr-auto text-xs" />
          {requests.length > 1 ? <Pager at={at} count={requests.length} onStep={step} /> : null}
          {may ? (
            <Choice request={current} busy={deciding === current.id} onAsk={(mode) => ask(current, mode)} />
          ) : (
            <span className="text-xs">An operator decides.</span>
          )}
        </div>
      </div>
    </section>
  );
}

function Pager({ at, count, onStep }: { at: number; count: number; onStep: (by: 1 | -1) => void }) {
  return (
    <span className="flex items-center">
      <Button variant="ghost" size="iconSm" aria-label="Previous request" onClick={() => onStep(-1)}>
        <ChevronLeft />
      </Button>
      <span className="tabular text-xs">
        {at + 1} of {count}
      </span>
      <Button variant="ghost" size="iconSm" aria-label="Next request" onClick={() => onStep(1)}>
        <ChevronRight />
      </Button>
    </span>
  );
}

type ChoiceProps = { request: DecisionRequest; busy: boolean; onAsk: (mode: DecisionMode) => void };

const words: Record<DecisionRequest['kind'], { yes: string; no: string }> = {
  tool: { yes: 'Approve', no: 'Deny' },
  question: { yes: 'Answer', no: 'Decline' },
  pause: { yes: 'Continue', no: 'Conclude now' },
};

/** Both lead to the request in full. */
function Choice({ request: { kind }, busy, onAsk }: ChoiceProps) {
  const { yes, no } = modesOf[kind];
  return (
    <>
      <Button
        size="sm"
        variant={kind === 'pause' ? 'secondary' : 'danger'}
        disabled={busy}
        onClick={() => onAsk(no)}
      >
        {words[kind].no} <Key name="n" />
      </Button>
      <Button size="sm" variant="primary" disabled={busy} onClick={() => onAsk(yes)}>
        {words[kind].yes} <Key name="y" />
      </Button>
    </>
  );
}

/** Not where there is no keyboard. */
const Key = ({ name }: { name: string }) => (
  <span className="hidden @2xl:inline">
    <Kbd>{name}</Kbd>
  </span>
);
