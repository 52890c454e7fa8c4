import type { ReactNode } from 'react';
import { Names } from '#src/components/names/names.tsx';

/** A heading with what belongs to it, in the inspector. */
export function Labelled({
  label,
  actions,
  children,
}: {
  label: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-1">
      <div className="flex min-h-7 items-center gap-1">
        <h3 className="font-medium text-dim text-xs">{label}</h3>
        <span className="flex-1" />
        {actions}
      </div>
      {children}
    </section>
  );
}

/** Names and values, one pair a line. */
export function Pairs({ pairs }: { pairs: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[minmax(5rem,auto)_1fr] gap-x-3 gap-y-1 text-xs">
      {pairs.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-dim">
            <Names>{name}</Names>
          </dt>
          <dd className="tabular min-w-0 [overflow-wrap:anywhere]">
            {typeof value === 'string' ? <Names>{value}</Names> : value}
          </dd>
        </div>
      ))}
    </dl>
  );
}
