import type { RunStatus } from '../schema.ts';

const glyphs: Record<RunStatus, string> = {
  pending: '○',
  running: '●',
  waiting: '◐',
  cancelling: '◌',
  completed: '✓',
  failed: '✕',
  timed_out: '✕',
  cancelled: '■',
};

/** The tab's title: state first, so that it is seen in a row of tabs. */
export const sessionTitle = (session: { status: RunStatus; title: string }, page?: string): string =>
  `${glyphs[session.status]} ${session.title}${page ? ` · ${page}` : ''} · TARS`;
