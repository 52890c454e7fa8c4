import { type LucideIcon, ThumbsDown, ThumbsUp, TriangleAlert } from 'lucide-react';
import { Badge, type Tone } from '#src/components/ui/badge.tsx';
import type { ScoreBand } from '#src/features/sessions/schema.ts';
import { scoreBand } from '../score-band.ts';

const looks: Record<ScoreBand, { icon: LucideIcon; tone: Tone }> = {
  good: { icon: ThumbsUp, tone: 'ok' },
  fair: { icon: TriangleAlert, tone: 'warn' },
  poor: { icon: ThumbsDown, tone: 'bad' },
};

/** The judge's total with its band as icon, colour and word. Nothing without a score. */
export function ScoreBadge({ score, short = false }: { score: number | null; short?: boolean }) {
  if (score === null) return null;
  const band = scoreBand(score);
  const { icon: Icon, tone } = looks[band];
  return (
    <Badge tone={tone} title={`Score ${score} of 100: ${band}`} className="tabular">
      <Icon aria-hidden="true" /> {score}
      {short ? <span className="sr-only"> of 100, {band}</span> : <span>{band}</span>}
    </Badge>
  );
}
