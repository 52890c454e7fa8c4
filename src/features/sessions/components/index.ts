export { useProjectChanges } from '../hooks/use-project-changes.ts';
export { ArgumentsView } from './inspector/arguments-view.tsx';
export { SessionNames } from './names/session-names.tsx';
export { SessionTitle } from './names/session-title.tsx';
export { SeverityBadge } from './severity-badge.tsx';
