export { ScoreBadge } from './score-badge.tsx';
export { ScoreCard } from './score-card.tsx';
