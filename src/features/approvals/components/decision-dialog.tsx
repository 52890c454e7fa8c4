'use client';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { TimeAgo } from '#src/components/time.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { Dialog } from '#src/components/ui/dialog.tsx';
import { Field, Textarea } from '#src/components/ui/field.tsx';
import { type DecisionInput, REASON_MAX_CHARS } from '../schema.ts';
import { Countdown } from './countdown.tsx';
import type { DecisionRequest, Outcome } from './decision-request.ts';
import { describeOutcome } from './describe-decision.ts';
import { RequestDetail } from './request-detail.tsx';
import { ScopeChoice } from './scope-choice.tsx';

export type DecisionMode = 'approve' | 'approve-session' | 'deny' | 'answer';
type Decision = Partial<DecisionInput> & Pick<DecisionInput, 'decision'>;

type DecisionDialogProps = {
  request: DecisionRequest;
  mode: DecisionMode;
  /** Set when it was decided while the dialog is open. */
  outcome: Outcome | null;
  onClose: () => void;
  onDecide: (decision: Decision) => void;
};

const titles: Record<DecisionMode, string> = {
  approve: 'Approve this call?',
  'approve-session': 'Approve this call?',
  deny: 'Deny this call?',
  answer: 'Answer the agent',
};

const titleOf = (mode: DecisionMode, { kind }: DecisionRequest): string =>
  mode === 'deny' && kind === 'question' ? 'Decline to answer?' : titles[mode];

/** Shows exactly what would run, and asks once more; for a reason when it is denied, for words when it is a question. */
export function DecisionDialog(props: DecisionDialogProps) {
  const { request, mode, outcome, onClose } = props;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={titleOf(mode, request)}>
      <div className="thin-scroll grid gap-3 overflow-y-auto p-4">
        <RequestDetail request={request} />
        {outcome ? (
          <Overtaken request={request} outcome={outcome} onClose={onClose} />
        ) : (
          <DecisionForm {...props} />
        )}
      </div>
    </Dialog>
  );
}

type OvertakenProps = { request: DecisionRequest; outcome: Outcome; onClose: () => void };

/** Somebody else was faster, or time was. */
function Overtaken({ request, outcome, onClose }: OvertakenProps) {
  return (
    <div role="status" className="flex flex-wrap items-center gap-2 rounded-md bg-warn-soft p-2.5 text-warn">
      <p className="flex-1">
        {describeOutcome(request, outcome)}
        {outcome.at ? (
          <>
            {' '}
            <TimeAgo at={outcome.at} />
          </>
        ) : null}
        .
      </p>
      <Button size="sm" onClick={onClose}>
        Close
      </Button>
    </div>
  );
}

function DecisionForm({ request, mode, onClose, onDecide }: DecisionDialogProps) {
  const [scope, setScope] = useState<DecisionInput['scope']>(mode === 'approve-session' ? 'session' : 'once');
  const [text, setText] = useState('');
  const first = useRef<HTMLButtonElement & HTMLTextAreaElement>(null);
  useEffect(() => first.current?.focus(), []);
  const words = text.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (mode === 'answer') onDecide({ decision: 'approve', answer: words });
    else if (mode === 'deny') onDecide({ decision: 'deny', ...(words ? { reason: words } : {}) });
    else onDecide({ decision: 'approve', scope });
  };
  const approving = mode === 'approve' || mode === 'approve-session';
  return (
    <form onSubmit={submit} className="grid gap-3">
      {approving ? (
        <ScopeChoice tool={request.tool} value={scope} onChange={setScope} />
      ) : (
        <Words inputRef={first} mode={mode} value={text} onChange={setText} />
      )}
      <div className="flex flex-wrap items-center justify-end gap-2">
        <Countdown until={request.expiresAt} className="mr-auto text-xs" />
        <Button onClick={onClose}>Not now</Button>
        <Button
          ref={approving ? first : undefined}
          type="submit"
          variant={mode === 'deny' ? 'dangerSolid' : 'primary'}
          disabled={mode === 'answer' && words === ''}
        >
          {buttonOf(mode, scope, request)}
        </Button>
      </div>
    </form>
  );
}

function buttonOf(mode: DecisionMode, scope: DecisionInput['scope'], { kind }: DecisionRequest): string {
  if (mode === 'answer') return 'Send the answer';
  if (mode === 'deny') return kind === 'question' ? 'Decline' : 'Deny';
  return scope === 'session' ? 'Approve for this session' : 'Approve once';
}

type WordsProps = {
  inputRef: React.RefObject<HTMLTextAreaElement | null>;
  mode: DecisionMode;
  value: string;
  onChange: (text: string) => void;
};

function Words({ inputRef, mode, value, onChange }: WordsProps) {
  const answering = mode === 'answer';
  return (
    <Field
      id="decision-words"
      label={answering ? 'Your answer' : 'Why (optional)'}
      hint={answering ? 'The agent reads it and goes on.' : 'The agent reads it and looks for another way.'}
    >
      {(aria) => (
        <Textarea
          {...aria}
          ref={inputRef}
          value={value}
          maxLength={REASON_MAX_CHARS}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }}
        />
      )}
    </Field>
  );
}
