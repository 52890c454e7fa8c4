import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

const badgeLooks = cva(
  'inline-flex h-5 max-w-full items-center gap-1 whitespace-nowrap rounded px-1.5 font-medium text-xs [&_svg]:size-3 [&_svg]:shrink-0',
  {
    variants: {
      tone: {
        neutral: 'bg-raised text-dim',
        accent: 'bg-accent-soft text-accent',
        ok: 'bg-ok-soft text-ok',
        warn: 'bg-warn-soft text-warn',
        bad: 'bg-bad-soft text-bad',
        outline: 'border border-line text-dim',
      },
    },
    defaultVariants: { tone: 'neutral' },
  },
);

export type Tone = 'neutral' | 'accent' | 'ok' | 'warn' | 'bad';

export function Badge({
  className,
  tone,
  ...props
}: ComponentProps<'span'> & VariantProps<typeof badgeLooks>) {
  return <span className={cn(badgeLooks({ tone }), className)} {...props} />;
}
