'use client';
import Link from 'next/link';
import { Names } from '#src/components/names/names.tsx';
import { SessionNames } from '#src/components/names/session-names.tsx';
import type { ApprovalView } from '../schema.ts';
import { type DecisionRequest, outcomeOfApproval, requestOfApproval } from './decision-request.ts';
import { OutcomeLine } from './outcome-line.tsx';
import { sessionHref } from './waiting-row.tsx';

type RowProps = { project: string; approval: ApprovalView };

/** What was decided, by whom, and where. */
export function DecidedRow(props: RowProps) {
  return (
    <SessionNames project={props.project} sessionId={props.approval.sessionId}>
      <Decided {...props} />
    </SessionNames>
  );
}

function Decided({ project, approval }: RowProps) {
  const request = requestOfApproval(approval);
  const outcome = outcomeOfApproval(approval);
  if (!outcome) return null;
  return (
    <li className="grid gap-1 border-b py-2">
      <p className="flex min-w-0 flex-wrap items-baseline gap-x-2">
        <span className="min-w-0 font-medium text-xs [overflow-wrap:anywhere]">
          <Subject request={request} />
        </span>
        <Link
          href={sessionHref(project, approval)}
          className="min-w-0 truncate text-dim text-xs hover:text-text hover:underline"
        >
          <Names>{approval.sessionTitle}</Names>
        </Link>
      </p>
      <OutcomeLine request={request} outcome={outcome} />
    </li>
  );
}

function Subject({ request }: { request: DecisionRequest }) {
  switch (request.kind) {
    case 'tool':
      return <code>{request.tool}</code>;
    case 'question':
      return <Names>{request.question}</Names>;
    case 'pause':
      return `${request.agent ?? 'An agent'} paused at its limit`;
  }
}
