'use client';
import { PlugZap, Radio, RefreshCw } from 'lucide-react';
import { Badge } from '#src/components/ui/badge.tsx';
import type { Connection } from '../../hooks/session-feed.ts';

/** Whether what is shown is live. Finished sessions say nothing while all is well. */
export function ConnectionChip({ connection, finished }: { connection: Connection; finished: boolean }) {
  if (connection === 'polling') {
    return (
      <Badge
        tone="warn"
        title="The live connection is down. The log is read every two seconds until it is back."
      >
        <RefreshCw aria-hidden="true" /> Reconnecting
      </Badge>
    );
  }
  if (finished) return null;
  if (connection === 'connecting') {
    return (
      <Badge title="Opening the live connection">
        <PlugZap aria-hidden="true" /> Connecting
      </Badge>
    );
  }
  return (
    <Badge tone="outline" title="Events arrive as they happen">
      <Radio aria-hidden="true" /> Live
    </Badge>
  );
}
