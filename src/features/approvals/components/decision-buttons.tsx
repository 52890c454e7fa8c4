'use client';
import { Ban, Check, CircleStop, Flag, MessageSquareReply, Play } from 'lucide-react';
import { Names } from '#src/components/names/names.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { Spinner } from '#src/components/ui/spinner.tsx';
import { formatQuantity } from '#src/lib/format-number.ts';
import { useDecisions } from './decision-context.tsx';
import type { DecisionRequest } from './decision-request.ts';

/** What can be done with a waiting request. What is exactly in view is approved at once; all else asks once more. */
export function DecisionButtons({ request, inFull = true }: { request: DecisionRequest; inFull?: boolean }) {
  const { may, decide, deciding, ask } = useDecisions();
  if (!may) return <p className="text-dim text-xs">An operator of this project decides.</p>;
  const busy = deciding === request.id;
  if (request.kind === 'question') {
    return (
      <div className="flex flex-wrap items-center gap-1.5">
        {request.options.map((option) => (
          <Button
            key={option}
            size="sm"
            disabled={busy}
            className="h-auto min-h-7 max-w-full whitespace-normal py-1 text-left"
            onClick={() => decide(request.id, { decision: 'approve', answer: option })}
          >
            <Names>{option}</Names>
          </Button>
        ))}
        <Button size="sm" variant="primary" disabled={busy} onClick={() => ask(request, 'answer')}>
          {busy ? <Spinner /> : <MessageSquareReply />}
          {request.options.length > 0 ? 'Other answer' : 'Answer'}
        </Button>
        <Button size="sm" variant="ghost" disabled={busy} onClick={() => ask(request, 'decline')}>
          Decline
        </Button>
      </div>
    );
  }
  if (request.kind === 'pause') return <PauseButtons request={request} busy={busy} />;
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      <Button
        size="sm"
        variant="primary"
        disabled={busy}
        onClick={() =>
          inFull ? decide(request.id, { decision: 'approve', scope: 'once' }) : ask(request, 'approve')
        }
      >
        {busy ? <Spinner /> : <Check />} Approve once
      </Button>
      <Button size="sm" disabled={busy} onClick={() => ask(request, 'approve-session')}>
        Approve for this session
      </Button>
      <Button size="sm" variant="danger" disabled={busy} onClick={() => ask(request, 'deny')}>
        <Ban /> Deny
      </Button>
    </div>
  );
}

/** What takes the agent further is done at once; what ends it asks once more. */
function PauseButtons({ request, busy }: { request: DecisionRequest; busy: boolean }) {
  const { decide, ask } = useDecisions();
  const { pause } = request;
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {pause ? (
        <Button
          size="sm"
          variant="primary"
          disabled={busy}
          onClick={() => decide(request.id, { decision: 'continue', iterations: pause.more })}
        >
          {busy ? <Spinner /> : <Play />} Continue, {formatQuantity(pause.more, 'more iteration')}
        </Button>
      ) : null}
      <Button size="sm" disabled={busy} onClick={() => ask(request, 'continue')}>
        Other number
      </Button>
      <Button size="sm" disabled={busy} onClick={() => ask(request, 'conclude')}>
        <Flag /> Conclude now
      </Button>
      <Button size="sm" variant="danger" disabled={busy} onClick={() => ask(request, 'cancel')}>
        <CircleStop /> Cancel agent
      </Button>
    </div>
  );
}
