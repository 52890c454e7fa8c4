'use client';
import { useMutation } from '@tanstack/react-query';
import { CircleStop } from 'lucide-react';
import { useId, useState } from 'react';
import { toast } from 'sonner';
import { describeError } from '#src/components/data/describe-error.ts';
import { useTRPC } from '#src/components/data/trpc.ts';
import { useMay } from '#src/components/frame/project-context.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { ConfirmDialog } from '#src/components/ui/confirm-dialog.tsx';
import { Field, Textarea } from '#src/components/ui/field.tsx';
import { Spinner } from '#src/components/ui/spinner.tsx';
import { REASON_MAX_CHARS } from '#src/features/approvals/schema.ts';
import { cancelledAlone, type ExecutionView, isTerminal, type StageView } from '../schema.ts';
import { useSessionContext } from './session-context.ts';

type CancelAgentProps = {
  execution: ExecutionView;
  stageType: StageView['type'];
  /** An icon alone, where there is little room. */
  compact?: boolean;
};

/** Ends one agent, with those it has started; nothing once it has ended, and for who may not. */
export function CancelAgent({ execution, stageType, compact = false }: CancelAgentProps) {
  const { project, sessionId } = useSessionContext();
  const trpc = useTRPC();
  const mayOperate = useMay('operator');
  const [words, setWords] = useState('');
  const fieldId = useId();
  const cancel = useMutation(
    trpc.approvals.cancelExecution.mutationOptions({
      onError: (error) => toast.error(describeError(error).message),
    }),
  );
  if (!mayOperate || isTerminal(execution.status) || !cancelledAlone.has(stageType)) return null;
  const busy = cancel.isPending || execution.status === 'cancelling';
  const reason = words.trim();
  const icon = busy ? <Spinner /> : <CircleStop />;
  return (
    <ConfirmDialog
      title={`Cancel ${execution.agent}?`}
      description="It ends without an answer, and so do the agents it has started. The other agents and stages of the investigation go on as far as they can without it."
      confirm="Cancel agent"
      onConfirm={() =>
        cancel.mutate({
          project,
          id: sessionId,
          executionId: execution.id,
          ...(reason ? { reason } : {}),
        })
      }
      body={
        <Field
          id={fieldId}
          label="Why (optional)"
          hint={execution.parentExecutionId ? 'The agent that started it reads it.' : undefined}
        >
          {(aria) => (
            <Textarea
              {...aria}
              value={words}
              maxLength={REASON_MAX_CHARS}
              onChange={(event) => setWords(event.target.value)}
            />
          )}
        </Field>
      }
    >
      {compact ? (
        <Button
          size="iconSm"
          variant="ghost"
          disabled={busy}
          aria-label={`Cancel ${execution.agent}`}
          title="Cancel this agent"
        >
          {icon}
        </Button>
      ) : (
        <Button size="sm" variant="danger" disabled={busy}>
          {icon} {busy ? 'Cancelling' : 'Cancel agent'}
        </Button>
      )}
    </ConfirmDialog>
  );
}
