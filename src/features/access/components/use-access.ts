'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { describeError } from '#src/components/data/describe-error.ts';
import { useTRPC } from '#src/components/data/trpc.ts';
import type { KeyScope, Member, Role } from '../schema.ts';

/** What an administrator does to members and keys; the lists and the history follow, a refusal is told. */
export function useAccess(project: string) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const options = {
    onSuccess: () => queries.invalidateQueries({ queryKey: trpc.access.pathKey() }),
    // Also after a refusal: somebody else may have been faster.
    onError: (error: unknown) => {
      toast.error(describeError(error).message);
      void queries.invalidateQueries({ queryKey: trpc.access.pathKey() });
    },
  };
  const add = useMutation(
    trpc.access.addMember.mutationOptions({
      ...options,
      // The form shows why it was refused.
      onError: undefined,
    }),
  );
  const changeRole = useMutation(trpc.access.changeRole.mutationOptions(options));
  const remove = useMutation(trpc.access.removeMember.mutationOptions(options));
  const createKey = useMutation(trpc.access.createKey.mutationOptions(options));
  const revokeKey = useMutation(trpc.access.revokeKey.mutationOptions(options));
  return {
    add: {
      isPending: add.isPending,
      error: add.error ? describeError(add.error).message : undefined,
      run: (who: string, role: Role, onSuccess: (member: Member) => void) =>
        add.mutate({ project, who, role }, { onSuccess }),
      reset: add.reset,
    },
    changeRole: ({ id, name }: Member, role: Role, onRefused: () => void) =>
      changeRole.mutate(
        { project, id, role },
        { onSuccess: () => toast.success(`${name} is ${role} now.`), onError: onRefused },
      ),
    remove: ({ id, name, status }: Member) =>
      remove.mutate(
        { project, id },
        {
          onSuccess: () =>
            toast.success(
              status === 'invited' ? `${name} is not invited any more.` : `${name} was taken out.`,
            ),
        },
      ),
    createKey: {
      isPending: createKey.isPending,
      run: (
        key: { name: string; scope: KeyScope; expiresAt: string | null },
        onSuccess: (created: { key: string }) => void,
      ) => createKey.mutate({ project, ...key }, { onSuccess }),
    },
    revokeKey: (id: string, name: string) =>
      revokeKey.mutate({ project, id }, { onSuccess: () => toast.success(`${name} is revoked.`) }),
  };
}

export type AccessActions = ReturnType<typeof useAccess>;
