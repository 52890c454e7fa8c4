'use client';
import { SendHorizontal } from 'lucide-react';
import type { Ref } from 'react';
import { Button } from '#src/components/ui/button.tsx';
import { Textarea } from '#src/components/ui/field.tsx';
import { Kbd } from '#src/components/ui/kbd.tsx';
import { Spinner } from '#src/components/ui/spinner.tsx';
import { CHAT_MESSAGE_MAX_CHARS, CHAT_QUEUE_MAX } from '../schema.ts';
import { describeTyping } from './describe-typing.ts';

type ComposerProps = {
  ref: Ref<HTMLTextAreaElement>;
  value: string;
  full: boolean;
  error: string | null;
  busy: boolean;
  typing: readonly string[];
  onChange: (text: string) => void;
  onSend: () => void;
};

/** The field to ask in, and one line below it, of constant height, that says what is worth knowing now. */
export function ChatComposer(props: ComposerProps) {
  const { ref, value, full, error, busy, typing, onChange, onSend } = props;
  const blocked = full || busy || value.trim() === '';
  const onKeyDown = (event: React.KeyboardEvent<HTMLTextAreaElement>) => {
    // Enter that ends the composition of a character is not meant for us.
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      if (!blocked) onSend();
    }
    if (event.key === 'Escape') event.currentTarget.blur();
  };
  return (
    <form
      className="grid gap-1"
      onSubmit={(event) => {
        event.preventDefault();
        if (!blocked) onSend();
      }}
    >
      <div className="flex items-end gap-2">
        <Textarea
          ref={ref}
          rows={1}
          value={value}
          maxLength={CHAT_MESSAGE_MAX_CHARS}
          aria-label="Your question"
          aria-describedby="chat-hint"
          aria-invalid={error !== null}
          placeholder="Ask about this investigation"
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={onKeyDown}
          className="field-sizing-content max-h-40 min-h-8 resize-none"
        />
        <Button type="submit" variant="primary" aria-label="Ask" disabled={blocked}>
          {busy ? <Spinner /> : <SendHorizontal />} <span className="hidden sm:inline">Ask</span>
        </Button>
      </div>
      <p id="chat-hint" className="h-5 truncate text-dim text-xs leading-5">
        <Hint full={full} error={error} typing={typing} />
      </p>
    </form>
  );
}

function Hint({ full, error, typing }: Pick<ComposerProps, 'full' | 'error' | 'typing'>) {
  if (error !== null) return <span className="text-bad">Not sent: {error}</span>;
  if (full) return <>{CHAT_QUEUE_MAX} questions wait already; ask when one has been answered.</>;
  if (typing.length > 0) return <span aria-live="polite">{describeTyping(typing)}</span>;
  return (
    <span className="hidden sm:inline">
      <Kbd>a</Kbd> to ask from anywhere, <Kbd>Enter</Kbd> sends, <Kbd>Shift Enter</Kbd> is a new line
    </span>
  );
}
