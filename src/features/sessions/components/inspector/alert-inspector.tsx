'use client';
import { CopyButton } from '#src/components/copy-button.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import { Badge } from '#src/components/ui/badge.tsx';
import type { SessionView } from '../../schema.ts';
import { Labelled, Pairs } from './labelled.tsx';
import { ResultView } from './result-view.tsx';

/** The alert as it came in (masked): what it says, where from, since when. */
export function AlertInspector({ session }: { session: SessionView }) {
  const { alert } = session;
  return (
    <>
      <div className="flex flex-wrap items-center gap-1.5">
        <Badge tone={alert.status === 'firing' ? 'bad' : alert.status === 'resolved' ? 'ok' : 'neutral'}>
          {alert.status}
        </Badge>
        <span className="text-dim">via {alert.source}</span>
      </div>
      <Pairs
        pairs={[
          ['First fired', <TimeAgo key="first" at={alert.firstFiredAt} />],
          ['Last fired', <TimeAgo key="last" at={alert.lastFiredAt} />],
          ...(alert.resolvedAt
            ? [['Resolved', <TimeAgo key="resolved" at={alert.resolvedAt} />] as const]
            : []),
          ['Type', session.alertType],
          ['Fingerprint', alert.fingerprint ?? 'none: repeats are not merged'],
          ...(session.runbook ? [['Runbook', session.runbook] as const] : []),
          ['Submitted by', session.author],
        ]}
      />
      <Facts label="Labels" facts={alert.labels} />
      <Facts label="Annotations" facts={alert.annotations} />
      {alert.data ? (
        <Labelled label="Data">
          <ResultView text={alert.data} />
        </Labelled>
      ) : null}
    </>
  );
}

function Facts({ label, facts }: { label: string; facts: Readonly<Record<string, string>> }) {
  const pairs = Object.entries(facts);
  if (pairs.length === 0) return null;
  return (
    <Labelled
      label={label}
      actions={
        <CopyButton label={`Copy ${label.toLowerCase()}`} text={() => JSON.stringify(facts, null, 2)} />
      }
    >
      <Pairs pairs={pairs} />
    </Labelled>
  );
}
