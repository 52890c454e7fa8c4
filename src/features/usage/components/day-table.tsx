import { useProject } from '#src/components/frame/project-context.tsx';
import { ShortSpend } from '#src/components/spend.tsx';
import { cn } from '#src/components/ui/cn.ts';
import { formatCount } from '#src/lib/format-number.ts';
import type { UsageReport } from '../schema.ts';
import { formatLongDay } from './usage-range.ts';

/** The numbers behind the bars, the newest day first. */
export function DayTable({ days }: { days: UsageReport['byDay'] }) {
  const { showsCosts } = useProject();
  const last = !showsCosts && 'pr-4';
  const lastOnPhones = !showsCosts && 'max-sm:pr-4';
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard.
    <section className="thin-scroll max-h-80 overflow-auto" tabIndex={0} aria-label="By day">
      <table className="tabular w-full text-left">
        <thead className="text-dim text-xs">
          <tr className="h-8 border-b">
            <th className="pl-4 font-medium">Day</th>
            <th className="hidden text-right font-medium sm:table-cell">Calls</th>
            <th className={cn('text-right font-medium', lastOnPhones)}>Tokens</th>
            <th className="hidden text-right font-medium sm:table-cell">In</th>
            <th className={cn('hidden text-right font-medium sm:table-cell', last)}>Out</th>
            {showsCosts ? <th className="pr-4 text-right font-medium">Cost</th> : null}
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map((day) => (
            <tr key={day.day} className="h-8 border-b last:border-b-0">
              <th scope="row" className="pl-4 font-normal">
                {formatLongDay(day.day)}
              </th>
              <td className="hidden text-right text-dim sm:table-cell">
                {day.calls.toLocaleString('en-GB')}
              </td>
              <td className={cn('text-right', lastOnPhones)}>
                {formatCount(day.inputTokens + day.outputTokens)}
              </td>
              <td className="hidden text-right text-dim sm:table-cell">{formatCount(day.inputTokens)}</td>
              <td className={cn('hidden text-right text-dim sm:table-cell', last)}>
                {formatCount(day.outputTokens)}
              </td>
              {showsCosts ? (
                <td className="pr-4 text-right">
                  <ShortSpend usage={day} />
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
