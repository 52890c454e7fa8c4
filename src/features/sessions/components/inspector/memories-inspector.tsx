'use client';
import { CopyButton } from '#src/components/copy-button.tsx';
import { Names } from '#src/components/names/names.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import { Badge } from '#src/components/ui/badge.tsx';
import { categoryLooks, valenceLooks } from '#src/features/memories/components/index.ts';
import type { TimelineItem } from '../../schema.ts';
import { describeMemories, type RecalledMemory } from '../read-memories.ts';
import { Labelled, Pairs } from './labelled.tsx';

type Props = { item: TimelineItem; memories: readonly RecalledMemory[] };

/** What a run was told of earlier investigations: hints, which it was to check. */
export function MemoriesInspector({ item, memories }: Props) {
  return (
    <>
      <Pairs pairs={[['At', <TimeAgo key="at" at={item.startedAt} />]]} />
      <Labelled
        label="Told to the agent as hints to check"
        actions={<CopyButton label="Copy the memories" text={() => describeMemories(memories)} />}
      >
        <ol className="grid grid-cols-[minmax(0,1fr)] gap-1.5">
          {memories.map((memory) => (
            <li key={memory.id} className="grid gap-1.5 rounded-md border px-2.5 py-2">
              <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">
                <Names>{memory.content}</Names>
              </p>
              <Marks memory={memory} />
            </li>
          ))}
        </ol>
      </Labelled>
    </>
  );
}

function Marks({ memory: { category, valence, confidence } }: { memory: RecalledMemory }) {
  const kind = category && categoryLooks[category];
  const sign = valence && valence !== 'neutral' ? valenceLooks[valence] : null;
  if (!kind && !sign && typeof confidence !== 'number') return null;
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-dim text-xs">
      {kind ? (
        <Badge>
          <kind.icon aria-hidden="true" /> {kind.word}
        </Badge>
      ) : null}
      {sign ? (
        <Badge tone={sign.tone}>
          <sign.icon aria-hidden="true" /> {sign.word}
        </Badge>
      ) : null}
      {typeof confidence === 'number' ? (
        <span className="tabular">{Math.round(confidence * 100)} % sure</span>
      ) : null}
    </p>
  );
}
