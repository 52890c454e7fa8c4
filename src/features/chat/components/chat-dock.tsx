'use client';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { describeError } from '#src/components/data/describe-error.ts';
import { useTRPC } from '#src/components/data/trpc.ts';
import { useMay } from '#src/components/frame/project-context.tsx';
import { useShortcut } from '#src/components/shortcuts/shortcut-provider.tsx';
import type { SessionView, TimelineItem } from '#src/features/sessions/schema.ts';
import { useTyping } from '../hooks/use-typing.ts';
import { CHAT_QUEUE_MAX } from '../schema.ts';
import { isOpen, readTurns, unansweredTurn } from '../turns.ts';
import { ChatComposer } from './chat-composer.tsx';
import { ChatStatus } from './chat-status.tsx';
import { Suggestions } from './suggestions.tsx';

type ChatDockProps = {
  project: string;
  session: SessionView;
  items: readonly TimelineItem[];
  /** Somebody here has asked: the answer will come at the end of the timeline. */
  onAsked: () => void;
  /** Shows a turn in the timeline. */
  onShow: (itemId: string) => void;
};

/**
 * Below the timeline of an ended session: what is being answered and what waits, who is typing, and the field to ask in.
 * Questions and answers themselves are entries of the timeline, which everybody on the page sees grow.
 */
export function ChatDock({ project, session, items, onAsked, onShow }: ChatDockProps) {
  const mayAsk = useMay('operator');
  const trpc = useTRPC();
  const field = useRef<HTMLTextAreaElement>(null);
  const [draft, setDraft] = useState('');
  const typing = useTyping(session.id);
  const turns = readTurns(session.stages, items);
  const open = turns.filter(isOpen);
  const ask = useMutation(
    trpc.chat.ask.mutationOptions({
      // What was not taken is still there to be sent again.
      onError: (_error, { message }) => setDraft((now) => (now === '' ? message : now)),
    }),
  );
  const send = (message: string) => {
    if (message.trim() === '' || ask.isPending) return;
    ask.mutate({ project, id: session.id, message });
    setDraft('');
    typing.teller.rest();
    onAsked();
  };
  useShortcut('a', 'Ask about this investigation', 'Session', () => field.current?.focus());

  const sending = ask.isPending ? ask.variables.message : null;
  const full = open.length > CHAT_QUEUE_MAX;
  return (
    <section
      aria-label="Ask about this investigation"
      className="shrink-0 border-t bg-panel px-3 py-2 md:px-4"
    >
      <div className="mx-auto grid max-w-3xl grid-cols-[minmax(0,1fr)] gap-1.5">
        <ChatStatus
          project={project}
          sessionId={session.id}
          open={open}
          sending={sending}
          unanswered={unansweredTurn(turns)}
          mayAsk={mayAsk}
          onShow={onShow}
          onAskAgain={send}
        />
        {mayAsk ? (
          <>
            {open.length === 0 && sending === null ? (
              <Suggestions session={session} items={items} onAsk={send} />
            ) : null}
            <ChatComposer
              ref={field}
              value={draft}
              full={full}
              error={ask.isError ? describeError(ask.error).message : null}
              busy={ask.isPending}
              typing={typing.names}
              onChange={(text) => {
                setDraft(text);
                typing.teller.typed(text);
              }}
              onSend={() => send(draft)}
            />
          </>
        ) : (
          <p className="text-dim text-xs">
            Questions and answers appear in the timeline. Asking takes the operator role.
          </p>
        )}
      </div>
    </section>
  );
}
