'use client';
import { type FormEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { TimeAgo } from '#src/components/time.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { Dialog } from '#src/components/ui/dialog.tsx';
import { Field, Input, Textarea } from '#src/components/ui/field.tsx';
import { type DecisionInput, MORE_ITERATIONS_MAX, REASON_MAX_CHARS } from '../schema.ts';
import { Countdown } from './countdown.tsx';
import { type DecisionMode, decisionOf, modeWords } from './decision-modes.ts';
import type { DecisionRequest, Outcome } from './decision-request.ts';
import { describeOutcome } from './describe-decision.ts';
import { RequestDetail } from './request-detail.tsx';
import { ScopeChoice } from './scope-choice.tsx';

type DecisionDialogProps = {
  request: DecisionRequest;
  mode: DecisionMode;
  /** Set when it was decided while the dialog is open. */
  outcome: Outcome | null;
  onClose: () => void;
  onDecide: (decision: ReturnType<typeof decisionOf>) => void;
};

/** Shows exactly what would run, and asks once more; for a reason, an answer or a number where one belongs to the decision. */
export function DecisionDialog(props: DecisionDialogProps) {
  const { request, mode, outcome, onClose } = props;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={modeWords[mode].title}>
      <section
        aria-label="What is asked for"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard.
        tabIndex={0}
        className="thin-scroll min-h-0 overflow-y-auto p-4"
      >
        <RequestDetail request={request} />
      </section>
      {/* Below what scrolls: whoever decides sees the buttons and the beginning of a long call at once. */}
      <div className="shrink-0 border-t p-4">
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
  const [more, setMore] = useState(String(request.pause?.more ?? ''));
  const first = useRef<HTMLButtonElement & HTMLTextAreaElement & HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const words = text.trim();
  const { fields, submit, danger } = modeWords[mode];
  const iterations = Number(more);
  const isComplete =
    fields === 'answer' ? words !== '' : fields === 'iterations' ? isAllowance(iterations) : true;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (isComplete) onDecide(decisionOf(mode, { scope, words, iterations }));
  };
  return (
    <form onSubmit={send} className="grid gap-3">
      {fields === 'scope' ? (
        <ScopeChoice tool={request.tool} value={scope} onChange={setScope} />
      ) : fields === 'iterations' ? (
        <Iterations inputRef={first} value={more} isValid={isComplete} onChange={setMore} />
      ) : (
        <Words inputRef={first} mode={mode} value={text} onChange={setText} />
      )}
      <div className="flex flex-wrap items-center justify-end gap-2">
        <Countdown until={request.expiresAt} className="mr-auto text-xs" />
        <Button onClick={onClose}>Not now</Button>
        <Button
          ref={fields === 'scope' ? first : undefined}
          type="submit"
          variant={danger ? 'dangerSolid' : 'primary'}
          disabled={!isComplete}
        >
          {fields === 'scope' && scope === 'session' ? 'Approve for this session' : submit}
        </Button>
      </div>
    </form>
  );
}

const isAllowance = (value: number): boolean =>
  Number.isInteger(value) && value >= 1 && value <= MORE_ITERATIONS_MAX;

type IterationsProps = {
  inputRef: RefObject<HTMLInputElement | null>;
  value: string;
  isValid: boolean;
  onChange: (text: string) => void;
};

function Iterations({ inputRef, value, isValid, onChange }: IterationsProps) {
  return (
    <Field
      id="decision-iterations"
      label="More iterations"
      hint={modeWords.continue.hint}
      error={isValid ? undefined : `A whole number from 1 to ${MORE_ITERATIONS_MAX}`}
    >
      {(aria) => (
        <Input
          {...aria}
          ref={inputRef}
          type="number"
          inputMode="numeric"
          min={1}
          max={MORE_ITERATIONS_MAX}
          className="w-28"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

type WordsProps = {
  inputRef: RefObject<HTMLTextAreaElement | null>;
  mode: DecisionMode;
  value: string;
  onChange: (text: string) => void;
};

function Words({ inputRef, mode, value, onChange }: WordsProps) {
  const { fields, hint } = modeWords[mode];
  return (
    <Field id="decision-words" label={fields === 'answer' ? 'Your answer' : 'Why (optional)'} hint={hint}>
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
