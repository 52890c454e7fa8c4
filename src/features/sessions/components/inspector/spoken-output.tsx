'use client';
import { useState } from 'react';
import { Button } from '#src/components/ui/button.tsx';
import { formatQuantity } from '#src/lib/format-number.ts';
import type { TimelineItem, ToolCallData } from '../../schema.ts';
import { countLines } from '../timeline/last-lines.ts';
import { CallProgress } from '../timeline/live-output.tsx';
import { Labelled } from './labelled.tsx';
import { ResultView } from './result-view.tsx';

/** What the tool said while it ran: in view as long as it runs, folded afterwards, since the result tells more. */
export function SpokenOutput({ item, call }: { item: TimelineItem; call: ToolCallData }) {
  const [opened, setOpened] = useState(false);
  const running = item.status === 'streaming';
  const open = running || opened;
  if (item.content === '' && !(running && call.progress)) return null;
  const size = item.content === '' ? '' : ` · ${formatQuantity(countLines(item.content), 'line')}`;
  return (
    <Labelled
      label={running ? `Live output${size}` : `Said while it ran${size}`}
      actions={
        running ? null : (
          <Button variant="ghost" size="sm" aria-expanded={open} onClick={() => setOpened(!opened)}>
            {open ? 'Hide' : 'Show'}
          </Button>
        )
      }
    >
      {running ? <CallProgress call={call} /> : null}
      {open && item.content !== '' ? <ResultView text={item.content} /> : null}
    </Labelled>
  );
}
