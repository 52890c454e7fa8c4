export { useProjectChanges } from '../hooks/use-project-changes.ts';
export { SeverityBadge } from './severity-badge.tsx';
