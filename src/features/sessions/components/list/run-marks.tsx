import {
  ArrowRightLeft,
  Columns2,
  Gauge,
  GitFork,
  ListTree,
  type LucideIcon,
  MessageCircle,
  ShieldAlert,
  Wrench,
  Zap,
} from 'lucide-react';
import { Badge, type Tone } from '#src/components/ui/badge.tsx';
import type { SessionListItem } from '../../schema.ts';
import { describeMarks, type Mark } from './describe-marks.ts';

const looks: Record<Mark['name'], { icon: LucideIcon; tone: Tone }> = {
  changed: { icon: Wrench, tone: 'warn' },
  action: { icon: Zap, tone: 'neutral' },
  parallel: { icon: Columns2, tone: 'neutral' },
  subAgents: { icon: GitFork, tone: 'neutral' },
  fallback: { icon: ArrowRightLeft, tone: 'warn' },
  chat: { icon: MessageCircle, tone: 'neutral' },
  scoring: { icon: Gauge, tone: 'neutral' },
  scoringFailed: { icon: ShieldAlert, tone: 'warn' },
  timeline: { icon: ListTree, tone: 'accent' },
};

/** What is out of the ordinary about a run: signs in a row of the list, signs with their words where there is room. */
export function RunMarks({ session, inWords = false }: { session: SessionListItem; inWords?: boolean }) {
  return describeMarks(session).map((mark) => {
    const { icon: Icon, tone } = looks[mark.name];
    return (
      <Badge key={mark.name} tone={tone} title={mark.words} className="tabular">
        <Icon aria-hidden="true" />
        {inWords ? (
          mark.words
        ) : (
          <>
            <span aria-hidden="true">{mark.count}</span>
            <span className="sr-only">{mark.words}</span>
          </>
        )}
      </Badge>
    );
  });
}
