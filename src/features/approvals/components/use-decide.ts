'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { describeError } from '#src/components/data/describe-error.ts';
import { useTRPC } from '#src/components/data/trpc.ts';
import type { DecisionInput } from '../schema.ts';
import { describeConflict } from './describe-decision.ts';

export type Decide = (id: string, decision: Partial<DecisionInput> & Pick<DecisionInput, 'decision'>) => void;

/** Sends a decision. When somebody was faster, says who and when; lists are read again either way. */
export function useDecide(project: string): { decide: Decide; deciding: string | null } {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mutation = useMutation(
    trpc.approvals.decide.mutationOptions({
      onError: (error) => {
        const { code, message } = describeError(error);
        if (code === 'CONFLICT') toast.info(describeConflict(message, Date.now()));
        else toast.error(message);
      },
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.approvals.pathKey() }),
    }),
  );
  return {
    decide: (id, decision) => mutation.mutate({ project, id, ...decision }),
    deciding: mutation.isPending ? mutation.variables.id : null,
  };
}
