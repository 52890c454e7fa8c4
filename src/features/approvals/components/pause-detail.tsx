import { Markdown } from '#src/components/markdown.tsx';
import type { PauseFacts } from '#src/features/sessions/schema.ts';
import { formatCount, formatQuantity, formatSpend } from '#src/lib/format-number.ts';

type PauseDetailProps = { pause: PauseFacts | null; why: string };

/** How far a paused agent has come, what that has cost, and what it said last: enough to say whether it is worth more. */
export function PauseDetail({ pause, why }: PauseDetailProps) {
  const spend = pause && formatSpend(pause);
  return (
    <div className="grid gap-2">
      <p className="[overflow-wrap:anywhere]">
        {why} <span className="text-dim">It does nothing until somebody decides.</span>
      </p>
      {pause ? (
        <>
          <p className="tabular flex flex-wrap gap-x-3 text-dim text-xs">
            <span>{formatQuantity(pause.iterations, 'iteration')}</span>
            <span>{formatQuantity(pause.toolCalls, 'tool call')}</span>
            <span>{formatCount(pause.tokens)} tokens</span>
            {spend === null ? null : <span>{spend}</span>}
          </p>
          <section aria-label="What it said last" className="grid gap-1">
            <h4 className="font-medium text-dim text-xs">What it said last</h4>
            {pause.found === '' ? (
              <p className="text-dim">Nothing in words yet, only tool calls.</p>
            ) : (
              <div className="thin-scroll max-h-56 overflow-y-auto rounded-md border bg-panel px-2.5 py-2">
                <Markdown text={pause.found} />
              </div>
            )}
          </section>
        </>
      ) : null}
    </div>
  );
}
