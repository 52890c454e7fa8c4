import { ArchiveRestore, ArchiveX, Pencil, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useMay } from '#src/components/frame/project-context.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import { Badge } from '#src/components/ui/badge.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { cn } from '#src/components/ui/cn.ts';
import { ConfirmDialog } from '#src/components/ui/confirm-dialog.tsx';
import { formatQuantity } from '#src/lib/format-number.ts';
import type { Memory, MemoryAction } from '../schema.ts';
import { categoryLooks, valenceLooks } from './memory-looks.ts';

type MemoryRowProps = {
  project: string;
  memory: Memory;
  onEdit: () => void;
  onAct: (action: MemoryAction['action']) => void;
};

export function MemoryRow({ project, memory, onEdit, onAct }: MemoryRowProps) {
  const mayOperate = useMay('operator');
  const { icon: CategoryIcon, word } = categoryLooks[memory.category];
  const valence = valenceLooks[memory.valence];
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1.5 border-b bg-panel px-3 py-2.5 md:px-4">
      <div className="grid min-w-0 flex-1 basis-80 gap-1.5">
        <p
          className={cn(
            'whitespace-pre-wrap [overflow-wrap:anywhere]',
            memory.deprecatedAt && 'text-dim line-through',
          )}
        >
          {memory.content}
        </p>
        {memory.deprecatedWhy ? (
          <p className="text-warn text-xs [overflow-wrap:anywhere]">
            Not used any more. {memory.deprecatedWhy}
          </p>
        ) : null}
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-dim text-xs">
          <Badge>
            <CategoryIcon aria-hidden="true" /> {word}
          </Badge>
          {memory.valence === 'neutral' ? null : (
            <Badge tone={valence.tone}>
              <valence.icon aria-hidden="true" /> {valence.word}
            </Badge>
          )}
          <span className="tabular">{Math.round(memory.confidence * 100)} % sure</span>
          <span>seen {memory.seenCount}×</span>
          {memory.injectedCount > 0 ? (
            <span>given to {formatQuantity(memory.injectedCount, 'session')}</span>
          ) : null}
          {memory.alertType ? <span>{memory.alertType}</span> : null}
          <span>
            {memory.author}, <TimeAgo at={memory.lastSeenAt} />
          </span>
          {memory.sourceSessionId ? (
            <Link
              href={`/p/${project}/sessions/${memory.sourceSessionId}`}
              className="rounded underline hover:text-text"
            >
              session it came from
            </Link>
          ) : null}
        </p>
      </div>
      {mayOperate ? <RowActions memory={memory} onEdit={onEdit} onAct={onAct} /> : null}
    </li>
  );
}

function RowActions({ memory, onEdit, onAct }: Omit<MemoryRowProps, 'project'>) {
  return (
    <div className="flex gap-1">
      <Button variant="ghost" size="iconSm" aria-label="Edit this memory" title="Edit" onClick={onEdit}>
        <Pencil />
      </Button>
      {memory.deprecatedAt ? (
        <Button
          variant="ghost"
          size="iconSm"
          aria-label="Use this memory again"
          title="Use again"
          onClick={() => onAct('restore')}
        >
          <ArchiveRestore />
        </Button>
      ) : (
        <Button
          variant="ghost"
          size="iconSm"
          aria-label="Put this memory out of use"
          title="Put out of use"
          onClick={() => onAct('deprecate')}
        >
          <ArchiveX />
        </Button>
      )}
      <ConfirmDialog
        title="Delete this memory?"
        description="It is gone for good. Putting it out of use keeps it readable and can be taken back."
        confirm="Delete"
        onConfirm={() => onAct('delete')}
      >
        <Button variant="ghost" size="iconSm" aria-label="Delete this memory" title="Delete">
          <Trash2 />
        </Button>
      </ConfirmDialog>
    </div>
  );
}
