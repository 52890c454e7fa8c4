export { useProjectChanges } from '../hooks/use-project-changes.ts';
export { ArgumentsView } from './inspector/arguments-view.tsx';
export { SeverityBadge } from './severity-badge.tsx';
