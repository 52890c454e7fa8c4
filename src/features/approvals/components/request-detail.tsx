import { Names } from '#src/components/names/names.tsx';
import { ArgumentsView } from '#src/features/sessions/components/index.ts';
import type { DecisionRequest } from './decision-request.ts';
import { PauseDetail } from './pause-detail.tsx';

/** What would run and why, in full; of a question, what is asked; of a pause, how far the agent has come. */
export function RequestDetail({ request }: { request: DecisionRequest }) {
  if (request.kind === 'question') {
    return (
      <p className="whitespace-pre-wrap text-base [overflow-wrap:anywhere]">
        <Names>{request.question}</Names>
      </p>
    );
  }
  if (request.kind === 'pause') return <PauseDetail pause={request.pause} why={request.why} />;
  return (
    <div className="grid gap-2">
      <p className="text-dim [overflow-wrap:anywhere] first-letter:uppercase">
        <Names>{request.why}</Names>
      </p>
      <div className="rounded-md border bg-panel px-2.5 py-2">
        <p className="mb-1.5 font-medium font-mono text-xs [overflow-wrap:anywhere]">{request.tool}</p>
        <ArgumentsView args={request.arguments} />
      </div>
    </div>
  );
}
