'use client';
import { ChevronDown } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { Names } from '#src/components/names/names.tsx';
import { SessionNames } from '#src/components/names/session-names.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { SeverityBadge } from '#src/features/sessions/components/index.ts';
import { formatQuantity } from '#src/lib/format-number.ts';
import type { ApprovalView } from '../schema.ts';
import { countLongLines } from './count-lines.ts';
import { Countdown } from './countdown.tsx';
import { DecisionButtons } from './decision-buttons.tsx';
import { requestOfApproval } from './decision-request.ts';
import { describeRequest } from './describe-decision.ts';
import { RequestDetail } from './request-detail.tsx';
import { RequestIcon } from './request-icon.tsx';

type RowProps = { project: string; approval: ApprovalView };

/** A request that waits: the session it belongs to, what would run with which arguments and why, and the decision. */
export function WaitingRow(props: RowProps) {
  return (
    <SessionNames project={props.project} sessionId={props.approval.sessionId}>
      <Waiting {...props} />
    </SessionNames>
  );
}

function Waiting({ project, approval }: RowProps) {
  const request = requestOfApproval(approval);
  const [unfolded, setUnfolded] = useState(false);
  const lines = request.kind === 'tool' && !unfolded ? countLongLines(request.arguments) : null;
  return (
    <article
      // The focus of `j` and `k` says which request `y` and `n` mean.
      tabIndex={-1}
      data-approval={approval.id}
      aria-label={describeRequest(request)}
      className="grid gap-3 rounded-lg border border-warn/50 bg-warn-soft/40 p-3"
    >
      <header className="flex items-start gap-2">
        <RequestIcon kind={request.kind} className="mt-0.5" />
        <h3 className="min-w-0 flex-1 font-semibold [overflow-wrap:anywhere]">{describeRequest(request)}</h3>
        <Countdown until={approval.expiresAt} className="text-xs" />
      </header>
      <p className="flex min-w-0 flex-wrap items-center gap-x-2 text-xs">
        <Link href={sessionHref(project, approval)} className="min-w-0 truncate text-accent hover:underline">
          <Names>{approval.sessionTitle}</Names>
        </Link>
        <SeverityBadge severity={approval.severity} />
        <span className="text-dim">
          asked <TimeAgo at={approval.requestedAt} />
        </span>
      </p>
      {lines === null ? (
        <RequestDetail request={request} />
      ) : (
        <div className="grid justify-items-start gap-1.5">
          <div className="max-h-60 w-full overflow-hidden [mask-image:linear-gradient(black_75%,transparent)]">
            <RequestDetail request={request} />
          </div>
          <Button size="sm" variant="ghost" onClick={() => setUnfolded(true)}>
            <ChevronDown /> Show the whole call, {formatQuantity(lines, 'line')}
          </Button>
        </div>
      )}
      <DecisionButtons request={request} inFull={lines === null} />
    </article>
  );
}

/** The session's page at the entry of the request. */
export const sessionHref = (project: string, { sessionId, itemId }: ApprovalView): string =>
  `/p/${project}/sessions/${sessionId}?item=${itemId}`;
