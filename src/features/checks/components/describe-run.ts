import { CircleSlash, CircleStop, Hourglass, LoaderCircle } from 'lucide-react';
import { type Look, outcomeLooks } from '#src/features/check-outcomes/components/index.ts';
import { formatQuantity } from '#src/lib/format-number.ts';
import { listPlaceholders } from '#src/lib/identifier-placeholders.ts';
import type { CheckRunView } from '../schema.ts';

type Described = Pick<CheckRunView, 'status' | 'outcome' | 'reason' | 'summary' | 'findings'>;

/** How a run stands: its outcome, or why it has none. */
export function lookOf(run: Described): Look {
  if (run.outcome) return outcomeLooks[run.outcome];
  switch (run.status) {
    case 'waiting':
      return { word: 'Waits for the queue', icon: Hourglass, tone: 'warn', text: 'text-warn' };
    case 'started':
      return { word: 'Running', icon: LoaderCircle, tone: 'accent', text: 'text-accent' };
    case 'skipped':
      return { word: 'Skipped', icon: CircleSlash, tone: 'neutral', text: 'text-dim' };
    case 'ended':
      return { word: 'Cancelled', icon: CircleStop, tone: 'neutral', text: 'text-dim' };
  }
}

const withoutPlaceholders = (text: string | null): string | null =>
  text !== null && listPlaceholders(text).length > 0 ? null : text;

/** In words, for whoever points at it or hears it. */
export function describeRun(run: Described): string {
  const word = run.outcome === 'findings' ? formatQuantity(run.findings.length, 'finding') : lookOf(run).word;
  // Twenty runs would ask for the names of twenty sessions; the sessions themselves tell them.
  const detail = withoutPlaceholders(run.summary ?? run.reason);
  return detail ? `${word}: ${detail}` : word;
}
