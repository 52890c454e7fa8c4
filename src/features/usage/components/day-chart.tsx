'use client';
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { formatCost, formatCount, formatSpend } from '#src/lib/format-number.ts';
import type { RankBy, UsageReport } from '../schema.ts';
import { CHART_HEIGHT_CLASS } from './chart-height.ts';
import { formatDay, formatLongDay } from './usage-range.ts';
import { weighDay } from './weigh-day.ts';

type Day = UsageReport['byDay'][number];

const axis = { stroke: 'var(--line-strong)', tick: { fill: 'var(--dim)', fontSize: 11 }, tickLine: false };

/** One bar a day; tokens are split into what was sent and what was written. Arrow keys go through the days. */
export function DayChart({ days, by }: { days: readonly Day[]; by: RankBy }) {
  // Left to itself, the axis of nothing goes up to 4.
  const isEmpty = days.every((day) => weighDay(day, by) === 0);
  return (
    <div className={CHART_HEIGHT_CLASS}>
      <ResponsiveContainer width="100%" height="100%">
        <BarChart
          data={[...days]}
          margin={{ top: 4, right: 12, bottom: 0, left: 0 }}
          title={by === 'cost' ? 'Cost by day' : 'Tokens by day'}
        >
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis dataKey="day" tickFormatter={formatDay} minTickGap={24} {...axis} />
          <YAxis
            width={56}
            tickFormatter={by === 'cost' ? formatCost : formatCount}
            {...axis}
            axisLine={false}
            {...(isEmpty && { domain: [0, 1], ticks: [0] })}
          />
          <Tooltip
            cursor={{ fill: 'var(--raised)' }}
            isAnimationActive={false}
            content={({ active, label }) => {
              const day = active ? days.find((each) => each.day === label) : undefined;
              return day ? <DayTooltip day={day} /> : null;
            }}
          />
          {by === 'cost' ? (
            <Bar
              dataKey="costUsd"
              name="Cost"
              fill="var(--accent)"
              radius={[3, 3, 0, 0]}
              isAnimationActive={false}
            />
          ) : (
            <>
              <Bar
                dataKey="inputTokens"
                name="Input"
                stackId="tokens"
                fill="var(--accent)"
                isAnimationActive={false}
              />
              <Bar
                dataKey="outputTokens"
                name="Output"
                stackId="tokens"
                fill="var(--line-strong)"
                radius={[3, 3, 0, 0]}
                isAnimationActive={false}
              />
            </>
          )}
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}

function DayTooltip({ day }: { day: Day }) {
  const spend = formatSpend(day);
  return (
    <div className="tabular rounded-md border bg-panel px-2.5 py-1.5 text-xs shadow-float">
      <p className="font-medium">{formatLongDay(day.day)}</p>
      {spend === null ? null : <p>{spend}</p>}
      <p className="text-dim">
        {formatCount(day.inputTokens)} in, {formatCount(day.outputTokens)} out ·{' '}
        {day.calls.toLocaleString('en-GB')} calls
      </p>
    </div>
  );
}
