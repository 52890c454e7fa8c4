'use client';
import {
  ArrowRightLeft,
  BookOpen,
  CircleHelp,
  Code,
  FoldVertical,
  Gauge,
  Globe,
  History,
  type LucideIcon,
  ScrollText,
  ShieldCheck,
  Star,
  TriangleAlert,
} from 'lucide-react';
import { Names } from '#src/components/names/names.tsx';
import { cn } from '#src/components/ui/cn.ts';
import { Spinner } from '#src/components/ui/spinner.tsx';
import type { ItemType, TimelineItem } from '../../schema.ts';
import { describeNotice, runGoesOn } from './describe-notice.ts';
import { ItemFrame } from './item-frame.tsx';
import type { RowActions } from './row-actions.ts';

type Look = { icon: LucideIcon; tone: string };

const look = (item: TimelineItem): Look => icons[item.type] ?? { icon: ScrollText, tone: 'text-dim' };

const icons: Partial<Record<ItemType, Look>> = {
  error: { icon: TriangleAlert, tone: 'text-bad' },
  provider_fallback: { icon: ArrowRightLeft, tone: 'text-warn' },
  compaction: { icon: FoldVertical, tone: 'text-dim' },
  budget: { icon: Gauge, tone: 'text-warn' },
  approval: { icon: ShieldCheck, tone: 'text-warn' },
  question: { icon: CircleHelp, tone: 'text-accent' },
  code_execution: { icon: Code, tone: 'text-dim' },
  search_result: { icon: Globe, tone: 'text-dim' },
  url_context: { icon: Globe, tone: 'text-dim' },
  skill_loaded: { icon: BookOpen, tone: 'text-dim' },
  memory_injected: { icon: History, tone: 'text-dim' },
  score: { icon: Star, tone: 'text-dim' },
};

/** What happened to the run itself: errors, retries, a change of provider, a shortened conversation. */
export function NoticeRow({ item, actions }: { item: TimelineItem; actions: RowActions }) {
  const { icon: Icon, tone } = look(item);
  const { title, detail } = describeNotice(item);
  const colour = item.type === 'error' && runGoesOn(item) ? 'text-warn' : tone;
  return (
    <ItemFrame
      itemId={item.id}
      icon={
        item.status === 'streaming' ? (
          <Spinner className={colour} />
        ) : (
          <Icon aria-hidden="true" className={cn('size-3.5', colour)} />
        )
      }
      title={
        <span className={cn('font-medium', colour)}>
          <Names>{title}</Names>
        </span>
      }
      selected={actions.selected}
      onSelect={actions.select}
    >
      {detail ? (
        <p className="line-clamp-6 whitespace-pre-line text-dim [overflow-wrap:anywhere]">
          <Names>{detail}</Names>
        </p>
      ) : null}
    </ItemFrame>
  );
}
