import type { ReactNode } from 'react';

export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-flex h-[1.15rem] min-w-[1.15rem] items-center justify-center rounded border border-line bg-raised px-1 text-2xs text-dim">
      {children}
    </kbd>
  );
}
