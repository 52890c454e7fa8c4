'use client';
import { useMutation } from '@tanstack/react-query';
import { CircleStop, Hourglass, ListOrdered, RotateCcw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { toast } from 'sonner';
import { describeError } from '#src/components/data/describe-error.ts';
import { useTRPC } from '#src/components/data/trpc.ts';
import { statusWord } from '#src/components/run-status.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { Spinner } from '#src/components/ui/spinner.tsx';
import { plainError } from '#src/lib/plain-error.ts';
import type { Turn } from '../turns.ts';

type StatusProps = {
  project: string;
  sessionId: string;
  /** Not ended yet, the one being answered first. */
  open: readonly Turn[];
  /** Our question while the server has not confirmed it. */
  sending: string | null;
  unanswered: Turn | null;
  mayAsk: boolean;
  onShow: (itemId: string) => void;
  onAskAgain: (question: string) => void;
};

/** What is being answered, what waits behind it, and what has failed: a line each. */
export function ChatStatus(props: StatusProps) {
  const { project, sessionId, open, sending, unanswered, mayAsk, onShow, onAskAgain } = props;
  const trpc = useTRPC();
  const cancel = useMutation(
    trpc.chat.cancel.mutationOptions({ onError: (error) => void toast.error(describeError(error).message) }),
  );
  if (open.length === 0 && sending === null && !unanswered) return null;
  return (
    <ul
      aria-label="Questions that are not answered yet"
      className="grid max-h-40 grid-cols-[minmax(0,1fr)] gap-1 overflow-y-auto"
    >
      {open.map((turn, index) => (
        <Line
          key={turn.turnId}
          icon={iconOf(turn, index)}
          state={stateOf(turn, index)}
          author={turn.author}
          question={turn.question}
          onShow={turn.itemId ? () => turn.itemId && onShow(turn.itemId) : null}
        >
          {mayAsk ? (
            <Button
              size="sm"
              variant="danger"
              aria-label={`Cancel the question of ${turn.author}`}
              disabled={turn.status === 'cancelling' || cancel.isPending}
              onClick={() => cancel.mutate({ project, id: sessionId, turnId: turn.turnId })}
            >
              <CircleStop /> <span className="hidden sm:inline">Cancel</span>
            </Button>
          ) : null}
        </Line>
      ))}
      {sending === null ? null : (
        <Line
          icon={<Spinner className="text-dim" />}
          state="Sending"
          author="You"
          question={sending}
          onShow={null}
        />
      )}
      {unanswered && sending === null ? (
        <Line
          icon={<TriangleAlert aria-hidden="true" className="size-3.5 text-bad" />}
          state={statusWord(unanswered.status)}
          author={unanswered.author}
          question={unanswered.error ? plainError(unanswered.error) : unanswered.question}
          onShow={unanswered.itemId ? () => unanswered.itemId && onShow(unanswered.itemId) : null}
        >
          {mayAsk ? (
            <Button size="sm" onClick={() => onAskAgain(unanswered.question)}>
              <RotateCcw /> Ask again
            </Button>
          ) : null}
        </Line>
      ) : null}
    </ul>
  );
}

function iconOf(turn: Turn, index: number): ReactNode {
  if (turn.status === 'waiting') return <Hourglass aria-hidden="true" className="size-3.5 text-warn" />;
  if (index === 0) return <Spinner className="text-accent" />;
  return <ListOrdered aria-hidden="true" className="size-3.5 text-dim" />;
}

function stateOf(turn: Turn, index: number): string {
  switch (turn.status) {
    case 'waiting':
      return 'Waits for a decision';
    case 'cancelling':
      return 'Stopping';
    case 'running':
      return 'Answering';
    default:
      return index === 0 ? 'Starting' : `Number ${index} in the queue`;
  }
}

type LineProps = {
  icon: ReactNode;
  state: string;
  author: string;
  question: string;
  onShow: (() => void) | null;
  children?: ReactNode;
};

function Line({ icon, state, author, question, onShow, children }: LineProps) {
  const text = (
    <>
      {/* Of a long name enough to know who it is: the question is what tells one line from the next. */}
      <span className="inline-block max-w-[40%] truncate align-bottom font-medium" title={author}>
        {author}
      </span>{' '}
      <span className="text-dim">{question}</span>
    </>
  );
  return (
    <li className="flex min-h-7 items-center gap-2 text-xs">
      <span className="shrink-0">{icon}</span>
      <span className="shrink-0 text-dim">{state}</span>
      {onShow ? (
        <button type="button" onClick={onShow} className="min-w-0 flex-1 truncate text-left hover:underline">
          {text}
        </button>
      ) : (
        <span className="min-w-0 flex-1 truncate">{text}</span>
      )}
      {children}
    </li>
  );
}
