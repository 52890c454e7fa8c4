import {
  CircleCheck,
  CircleDashed,
  CircleSlash,
  CircleUser,
  Eye,
  type LucideIcon,
  ThumbsDown,
  ThumbsUp,
} from 'lucide-react';
import { Badge, type Tone } from '#src/components/ui/badge.tsx';
import type { Rating, ReviewStatus } from '#src/features/sessions/schema.ts';

type Look = { word: string; icon: LucideIcon; tone: Tone };

export const reviewLooks: Record<ReviewStatus, Look> = {
  needs_review: { word: 'Needs review', icon: CircleDashed, tone: 'warn' },
  in_progress: { word: 'In review', icon: CircleUser, tone: 'accent' },
  reviewed: { word: 'Reviewed', icon: CircleCheck, tone: 'neutral' },
};

export const ratingLooks: Record<Rating, Look> = {
  accurate: { word: 'Accurate', icon: ThumbsUp, tone: 'ok' },
  partially_accurate: { word: 'Partially accurate', icon: CircleSlash, tone: 'warn' },
  inaccurate: { word: 'Inaccurate', icon: ThumbsDown, tone: 'bad' },
};

const show = ({ word, icon: Icon, tone }: Look) => (
  <Badge tone={tone}>
    <Icon aria-hidden="true" /> {word}
  </Badge>
);

/** Where the review of a session stands; while the session runs, who watches it. */
export function ReviewBadge({ status }: { status: ReviewStatus | null }) {
  return show(status === null ? { word: 'Running', icon: Eye, tone: 'neutral' } : reviewLooks[status]);
}

export function RatingBadge({ rating }: { rating: Rating | null }) {
  return rating === null ? null : show(ratingLooks[rating]);
}
