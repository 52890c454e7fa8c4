'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { describeError } from '#src/components/data/describe-error.ts';
import { useTRPC } from '#src/components/data/trpc.ts';

export type CheckCommands = {
  run: (name: string) => void;
  pause: (name: string) => void;
  resume: (name: string) => void;
  isBusy: boolean;
};

/** Commands of the page; the list is read again after each. */
export function useCheckCommands(project: string): CheckCommands {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const options = {
    onError: (error: unknown) => void toast.error(describeError(error).message),
    onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.checks.list.queryKey() }),
  };
  const run = useMutation(trpc.checks.run.mutationOptions(options));
  const pause = useMutation(trpc.checks.pause.mutationOptions(options));
  const resume = useMutation(trpc.checks.resume.mutationOptions(options));
  return {
    run: (name) => run.mutate({ project, name }),
    pause: (name) => pause.mutate({ project, name }),
    resume: (name) => resume.mutate({ project, name }),
    isBusy: run.isPending || pause.isPending || resume.isPending,
  };
}
