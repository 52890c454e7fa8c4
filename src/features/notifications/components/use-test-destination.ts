'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { describeError } from '#src/components/data/describe-error.ts';
import { useTRPC } from '#src/components/data/trpc.ts';

/** Posts a test message and says what became of it. */
export function useTestDestination(project: string): { send: (name: string) => void; isSending: boolean } {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mutation = useMutation(
    trpc.notifications.test.mutationOptions({
      onSuccess: ({ destination, problem, threadsProblem }) => {
        if (problem !== null) toast.error(`${destination}: ${problem}`);
        else if (threadsProblem !== null)
          toast.info(`${destination}: posted, but the channel cannot be read: ${threadsProblem}`);
        else toast.success(`${destination}: posted`);
      },
      onError: (error) => toast.error(describeError(error).message),
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.notifications.pathKey() }),
    }),
  );
  return {
    send: (destination) => mutation.mutate({ project, destination }),
    isSending: mutation.isPending,
  };
}
