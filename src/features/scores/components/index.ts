export { ScoreBadge } from './score-badge.tsx';
