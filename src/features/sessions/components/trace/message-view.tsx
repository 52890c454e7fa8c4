'use client';
import { useState } from 'react';
import { Names } from '#src/components/names/names.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { cn } from '#src/components/ui/cn.ts';
import type { MessagePart, ReadableMessage } from './read-message.ts';

/** Longer parts start folded: a conversation is read from its end. */
const FOLD_CHARS = 1_200;

const roleLooks: Record<string, string> = {
  system: 'border-l-line-strong',
  user: 'border-l-warn',
  assistant: 'border-l-accent',
  tool: 'border-l-ok',
};

/** A message by its role; calls and results under the name of their tool. */
export function MessageView({ message }: { message: ReadableMessage }) {
  return (
    <section
      className={cn('grid grid-cols-[minmax(0,1fr)] gap-1.5 border-l-2 pl-3', roleLooks[message.role])}
    >
      <h4 className="font-medium text-dim text-xs">{message.role}</h4>
      {message.parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a recorded message do not change.
        <Part key={index} part={part} />
      ))}
    </section>
  );
}

const partLabels: Record<MessagePart['kind'], string> = {
  text: '',
  thinking: 'thought',
  call: 'calls',
  result: 'result of',
  other: '',
};

function Part({ part }: { part: MessagePart }) {
  const [open, setOpen] = useState(false);
  const long = part.text.length > FOLD_CHARS;
  const shown = long && !open ? `${part.text.slice(0, FOLD_CHARS)}…` : part.text;
  const label = [partLabels[part.kind], part.tool].filter(Boolean).join(' ');
  const verbatim = part.kind !== 'text' && part.kind !== 'thinking';
  return (
    <div>
      {label ? <p className="text-dim text-xs">{label}</p> : null}
      <div
        className={cn(
          'whitespace-pre-wrap [overflow-wrap:anywhere]',
          verbatim && 'rounded-md border bg-raised px-2.5 py-1.5 font-mono text-2xs leading-relaxed',
          part.kind === 'thinking' && 'text-dim',
        )}
      >
        <Names>{shown}</Names>
      </div>
      {long ? (
        <Button variant="ghost" size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Shorter' : `All ${part.text.length.toLocaleString('en-GB')} characters`}
        </Button>
      ) : null}
    </div>
  );
}
