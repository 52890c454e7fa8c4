export { RatingBadge, ReviewBadge } from './review-badge.tsx';
export { ReviewCard } from './review-card.tsx';
