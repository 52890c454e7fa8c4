'use client';
import { Bot, Wrench } from 'lucide-react';
import { Names } from '#src/components/names/names.tsx';
import { cn } from '#src/components/ui/cn.ts';
import { formatDuration } from '#src/lib/format-duration.ts';
import { formatCount } from '#src/lib/format-number.ts';
import { formatTimeOfDay } from '#src/lib/format-time.ts';
import type { TraceItem } from '../../schema.ts';
import { describeArguments } from '../timeline/describe-arguments.ts';

type TraceListProps = {
  items: readonly TraceItem[];
  /** Of all calls, for the bars. */
  longestMs: number;
  selected: string | null;
  onSelect: (id: string) => void;
};

const hasFailed = (item: TraceItem): boolean =>
  item.error !== null ||
  (item.kind === 'tool' && ['failed', 'timed_out', 'refused', 'unknown'].includes(item.status));

/** Calls in the order in which they began. The bar is its share of the longest one. */
export function TraceList({ items, longestMs, selected, onSelect }: TraceListProps) {
  return (
    <ol>
      {items.map((item) => (
        <li key={item.id} className="[content-visibility:auto] [contain-intrinsic-height:3.25rem]">
          <button
            type="button"
            data-trace={item.id}
            aria-current={item.id === selected ? 'true' : undefined}
            onClick={() => onSelect(item.id)}
            className={cn(
              'grid w-full grid-cols-[4.2rem_1rem_minmax(0,1fr)_auto] items-center gap-x-2 border-b px-3 py-1.5 text-left hover:bg-raised',
              item.id === selected && 'bg-accent-soft hover:bg-accent-soft',
            )}
          >
            <span className="tabular text-dim text-xs">{formatTimeOfDay(item.startedAt)}</span>
            {item.kind === 'llm' ? (
              <Bot aria-label="Model" className="size-3.5 text-accent" />
            ) : (
              <Wrench aria-label="Tool" className="size-3.5 text-dim" />
            )}
            <span className="min-w-0 truncate">
              {item.kind === 'llm' ? (
                <span className="font-medium">
                  {item.purpose.replaceAll('_', ' ')}
                  {item.purpose === 'iteration' ? ` ${item.iteration}` : ''}
                </span>
              ) : (
                <span className="font-medium font-mono text-xs">{item.tool}</span>
              )}
              {hasFailed(item) ? (
                <span className="ml-2 text-bad text-xs">{item.kind === 'tool' ? item.status : 'failed'}</span>
              ) : null}
            </span>
            <span className="tabular text-dim text-xs">{formatDuration(item.durationMs)}</span>
            <span className="col-span-2" />
            <span className="min-w-0 truncate text-dim text-xs">
              {item.kind === 'llm' ? (
                `${item.model} · ${formatCount(item.usage.inputTokens + item.usage.outputTokens)} tokens`
              ) : (
                <Names>{describeArguments(item.request.arguments)}</Names>
              )}
            </span>
            <span aria-hidden="true" className="h-1 w-14 overflow-hidden rounded-full bg-raised">
              <span
                className={cn(
                  'block h-full rounded-full',
                  hasFailed(item) ? 'bg-bad' : item.kind === 'llm' ? 'bg-accent' : 'bg-line-strong',
                )}
                style={{ width: `${Math.max(3, (item.durationMs / longestMs) * 100)}%` }}
              />
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
