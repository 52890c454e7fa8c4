'use client';
import type { TimelineItem } from '#src/features/sessions/schema.ts';
import { DecisionButtons } from './decision-buttons.tsx';
import { outcomeOfItem, readApprovalData, requestOfItem } from './decision-request.ts';
import { OutcomeLine } from './outcome-line.tsx';
import { RequestDetail } from './request-detail.tsx';

/** The body of an `approval` or `question` entry: what is asked and the buttons; later who decided. */
export function ApprovalCard({ item, whole = false }: { item: TimelineItem; whole?: boolean }) {
  const data = readApprovalData(item);
  if (!data) return null;
  const request = requestOfItem(item, data);
  const outcome = outcomeOfItem(item, data);
  if (outcome && !whole) {
    return (
      <div className="grid gap-1.5">
        {request.kind === 'question' ? <RequestDetail request={request} /> : null}
        <OutcomeLine request={request} outcome={outcome} />
      </div>
    );
  }
  return (
    <div className={whole ? 'grid gap-3' : 'grid gap-3 rounded-lg border border-warn/50 bg-warn-soft/40 p-3'}>
      <RequestDetail request={request} />
      {outcome ? <OutcomeLine request={request} outcome={outcome} /> : <DecisionButtons request={request} />}
    </div>
  );
}
