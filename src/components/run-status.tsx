import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CirclePause,
  CircleStop,
  CircleX,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
  SkipForward,
  TimerOff,
} from 'lucide-react';
import { Badge, type Tone } from './ui/badge.tsx';
import { cn } from './ui/cn.ts';

/** Every state that a session, a stage, an execution, an item of the timeline or a component can show. */
export type RunStatusName =
  | 'pending'
  | 'running'
  | 'streaming'
  | 'waiting'
  | 'paused'
  | 'cancelling'
  | 'completed'
  | 'failed'
  | 'timed_out'
  | 'cancelled'
  | 'refused'
  | 'skipped';

type Look = { word: string; icon: LucideIcon; tone: Tone; text: string; spins?: boolean };

/** Icon, colour and word, never colour alone. */
const looks: Record<RunStatusName, Look> = {
  pending: { word: 'Queued', icon: CircleDashed, tone: 'neutral', text: 'text-dim' },
  running: { word: 'Running', icon: LoaderCircle, tone: 'accent', text: 'text-accent', spins: true },
  streaming: { word: 'Running', icon: LoaderCircle, tone: 'accent', text: 'text-accent', spins: true },
  waiting: { word: 'Waiting', icon: Hourglass, tone: 'warn', text: 'text-warn' },
  paused: { word: 'Paused', icon: CirclePause, tone: 'warn', text: 'text-warn' },
  cancelling: { word: 'Cancelling', icon: CircleDot, tone: 'warn', text: 'text-warn' },
  completed: { word: 'Completed', icon: CircleCheck, tone: 'ok', text: 'text-ok' },
  failed: { word: 'Failed', icon: CircleX, tone: 'bad', text: 'text-bad' },
  timed_out: { word: 'Timed out', icon: TimerOff, tone: 'bad', text: 'text-bad' },
  cancelled: { word: 'Cancelled', icon: CircleStop, tone: 'neutral', text: 'text-dim' },
  refused: { word: 'Refused', icon: Ban, tone: 'warn', text: 'text-warn' },
  skipped: { word: 'Skipped', icon: SkipForward, tone: 'neutral', text: 'text-dim' },
};

export const statusWord = (status: RunStatusName): string => looks[status].word;

export function StatusBadge({ status, className }: { status: RunStatusName; className?: string }) {
  const { icon: Icon, word, tone, spins } = looks[status];
  return (
    <Badge tone={tone} className={className}>
      <Icon aria-hidden="true" className={cn(spins && 'animate-spin')} />
      {word}
    </Badge>
  );
}

/** The icon alone where the word stands elsewhere; the word is there for screen readers and on hover. */
export function StatusIcon({ status, className }: { status: RunStatusName; className?: string }) {
  const { icon: Icon, word, text, spins } = looks[status];
  return (
    <span title={word} className={cn('inline-flex shrink-0', text, className)}>
      <Icon aria-hidden="true" className={cn('size-3.5', spins && 'animate-spin')} />
      <span className="sr-only">{word}</span>
    </span>
  );
}
