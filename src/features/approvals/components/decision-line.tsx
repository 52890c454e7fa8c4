import { Names } from '#src/components/names/names.tsx';
import type { TimelineItem } from '#src/features/sessions/schema.ts';
import { outcomeOfItem, readApprovalData, requestOfItem } from './decision-request.ts';
import { OutcomeLine } from './outcome-line.tsx';

/** How a request went, with the call it was about; on wish also why people were asked. */
export function DecisionLine({ item, withWhy = false }: { item: TimelineItem; withWhy?: boolean }) {
  const data = readApprovalData(item);
  const outcome = data && outcomeOfItem(item, data);
  if (!data || !outcome) return null;
  return (
    <div className="grid gap-0.5 text-xs">
      {withWhy ? (
        <p className="text-dim [overflow-wrap:anywhere]">
          Needed approval: <Names>{data.why}</Names>
        </p>
      ) : null}
      <OutcomeLine request={requestOfItem(item, data)} outcome={outcome} />
    </div>
  );
}
