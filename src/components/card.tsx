import type { ReactNode } from 'react';
import { cn } from '#src/components/ui/cn.ts';

type CardProps = { title: string; aside?: ReactNode; wide?: boolean; children: ReactNode };

export function Card({ title, aside, wide, children }: CardProps) {
  return (
    <section aria-label={title} className={cn('min-w-0 rounded-xl border bg-panel', wide && 'lg:col-span-2')}>
      <div className="flex min-h-10 items-center gap-2 border-b px-4">
        <h2 className="font-semibold">{title}</h2>
        <span className="flex-1" />
        {aside}
      </div>
      {children}
    </section>
  );
}
