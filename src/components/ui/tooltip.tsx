'use client';
import { Tooltip as Base } from 'radix-ui';
import type { ReactNode } from 'react';

export const TooltipProvider = Base.Provider;

/** A hint on hover and on keyboard focus; the child must be able to carry a ref. */
export function Tooltip({
  text,
  children,
  side = 'bottom',
}: {
  text: ReactNode;
  children: ReactNode;
  side?: 'bottom' | 'right' | 'top';
}) {
  return (
    <Base.Root>
      <Base.Trigger asChild>{children}</Base.Trigger>
      <Base.Portal>
        <Base.Content
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className="z-60 max-w-80 rounded-md bg-text px-2 py-1 text-bg text-xs shadow-float"
        >
          {text}
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  );
}
