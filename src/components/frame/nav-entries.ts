import {
  Activity,
  Brain,
  CalendarClock,
  ChartColumn,
  FlaskConical,
  Gauge,
  ListTodo,
  type LucideIcon,
  ShieldCheck,
  UsersRound,
} from 'lucide-react';

export type NavEntry = {
  label: string;
  icon: LucideIcon;
  path: string;
  keys: string;
  /** Who has any use for it; absent: everybody. */
  role?: 'admin';
};

/** The sections of the sidebar; a section appears here with its feature. `path` is below `/p/{project}`. */
const navEntries: readonly NavEntry[] = [
  { label: 'Sessions', icon: Activity, path: '/sessions', keys: 'g s' },
  { label: 'Approvals', icon: ShieldCheck, path: '/approvals', keys: 'g a' },
  { label: 'Triage', icon: ListTodo, path: '/triage', keys: 'g t' },
  { label: 'Checks', icon: CalendarClock, path: '/checks', keys: 'g c' },
  { label: 'Knowledge', icon: Brain, path: '/knowledge', keys: 'g k' },
  { label: 'Usage', icon: ChartColumn, path: '/usage', keys: 'g u' },
  { label: 'Evaluations', icon: FlaskConical, path: '/evaluations', keys: 'g e' },
  { label: 'System', icon: Gauge, path: '/system', keys: 'g y' },
  { label: 'Access', icon: UsersRound, path: '/access', keys: 'g m', role: 'admin' },
];

/** The sections that the reader has a use for. */
export const navEntriesFor = (isAdmin: boolean): readonly NavEntry[] =>
  navEntries.filter(({ role }) => role === undefined || isAdmin);
