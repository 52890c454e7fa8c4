import { ShortSpend } from '#src/components/spend.tsx';
import { formatCount } from '#src/lib/format-number.ts';
import type { UsageReport } from '../schema.ts';
import { formatLongDay } from './usage-range.ts';

/** The numbers behind the bars, the newest day first. */
export function DayTable({ days }: { days: UsageReport['byDay'] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard.
    <section className="thin-scroll max-h-80 overflow-auto" tabIndex={0} aria-label="By day">
      <table className="tabular w-full text-left">
        <thead className="text-dim text-xs">
          <tr className="h-8 border-b">
            <th className="pl-4 font-medium">Day</th>
            <th className="hidden text-right font-medium sm:table-cell">Calls</th>
            <th className="text-right font-medium">Tokens</th>
            <th className="hidden text-right font-medium sm:table-cell">In</th>
            <th className="hidden text-right font-medium sm:table-cell">Out</th>
            <th className="pr-4 text-right font-medium">Cost</th>
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
              <td className="text-right">{formatCount(day.inputTokens + day.outputTokens)}</td>
              <td className="hidden text-right text-dim sm:table-cell">{formatCount(day.inputTokens)}</td>
              <td className="hidden text-right text-dim sm:table-cell">{formatCount(day.outputTokens)}</td>
              <td className="pr-4 text-right">
                <ShortSpend usage={day} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
