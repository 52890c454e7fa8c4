export { CheckLink, CheckMark } from './check-mark.tsx';
export { OutcomeBadge } from './outcome-badge.tsx';
export { type Look, outcomeLooks } from './outcome-looks.ts';
