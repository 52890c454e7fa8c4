'use client';
import { Names } from '#src/components/names/names.tsx';
import { Progress } from '#src/components/ui/progress.tsx';
import type { ToolCallData } from '../../schema.ts';
import { lastLines } from './last-lines.ts';

/** So many lines of a running tool are seen in the timeline; the rest is in the inspector. */
const LIVE_LINES = 6;

/** What a running tool says: how far it is, and the end of what it has written. Takes no room while it is silent. */
export function RunningOutput({ call, text }: { call: ToolCallData; text: string }) {
  const tail = lastLines(text, LIVE_LINES);
  if (!call.progress && tail === '') return null;
  return (
    <div className="grid gap-1">
      <CallProgress call={call} />
      {tail === '' ? null : (
        <pre className="overflow-hidden rounded-md border bg-raised px-2.5 py-1 text-2xs leading-relaxed">
          {tail.split('\n').map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines move up as a whole.
            <span key={index} className="block truncate">
              <Names>{line || ' '}</Names>
            </span>
          ))}
        </pre>
      )}
    </div>
  );
}

/** A bar where the total is known, else the note alone. */
export function CallProgress({ call }: { call: ToolCallData }) {
  const { progress, progressDone, progressTotal } = call;
  if (progressDone === undefined || progressTotal === undefined)
    return progress ? (
      <p className="truncate text-dim text-xs">
        <Names>{progress}</Names>
      </p>
    ) : null;
  return (
    <div className="flex items-center gap-2.5">
      <span className="w-32 shrink-0">
        <Progress value={progressDone} total={progressTotal} label={`Progress of ${call.tool}`} />
      </span>
      <span className="tabular shrink-0 text-dim text-xs">
        {progressDone.toLocaleString('en-GB')} of {progressTotal.toLocaleString('en-GB')}
      </span>
      <span className="min-w-0 truncate text-dim text-xs">{progress ? <Names>{progress}</Names> : null}</span>
    </div>
  );
}
