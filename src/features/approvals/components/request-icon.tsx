import { CirclePause, Hourglass, type LucideIcon, MessageCircleQuestion } from 'lucide-react';
import { cn } from '#src/components/ui/cn.ts';
import type { DecisionRequest } from './decision-request.ts';

const icons: Record<DecisionRequest['kind'], LucideIcon> = {
  tool: Hourglass,
  question: MessageCircleQuestion,
  pause: CirclePause,
};

/** What kind of request waits, at a glance. */
export function RequestIcon({ kind, className }: Pick<DecisionRequest, 'kind'> & { className?: string }) {
  const Icon = icons[kind];
  return <Icon aria-hidden="true" className={cn('size-4 shrink-0 text-warn', className)} />;
}
