'use client';
import { Popover as Base } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

export const Popover = Base.Root;
export const PopoverTrigger = Base.Trigger;

export function PopoverContent({ className, ...props }: ComponentProps<typeof Base.Content>) {
  return (
    <Base.Portal>
      <Base.Content
        sideOffset={4}
        collisionPadding={8}
        className={cn(
          'z-50 w-80 max-w-[calc(100vw-1rem)] rounded-lg border bg-panel p-3 shadow-float outline-none',
          className,
        )}
        {...props}
      />
    </Base.Portal>
  );
}
