'use client';
import { CopyButton } from '#src/components/copy-button.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { ApprovalCard, Countdown } from '#src/features/approvals/components/index.ts';
import type { ApprovalData, TimelineItem } from '../../schema.ts';
import { useSessionContext } from '../session-context.ts';
import { Pairs } from './labelled.tsx';

/** A decision in full: what was asked, by when, how it went, and the call it is about. */
export function ApprovalInspector({ item, data }: { item: TimelineItem; data: ApprovalData }) {
  const { calls, select } = useSessionContext();
  const call = data.callId === undefined ? undefined : calls.get(data.callId);
  return (
    <>
      <Pairs
        pairs={[
          ['Asked', <TimeAgo key="asked" at={item.startedAt} />],
          ...(item.status === 'waiting'
            ? [['Waits', <Countdown key="until" until={data.expiresAt} />] as const]
            : []),
        ]}
      />
      <ApprovalCard item={item} whole />
      <div className="flex flex-wrap gap-1.5">
        {call ? (
          <Button size="sm" variant="ghost" onClick={() => select(call.itemId)}>
            Show the call
          </Button>
        ) : null}
        {data.kind === 'pause' ? null : (
          <CopyButton
            label="Copy the arguments as JSON"
            text={() => JSON.stringify(data.arguments, null, 2)}
          />
        )}
      </div>
    </>
  );
}
