'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import { useTRPC } from '#src/components/data/trpc.ts';
import { useShortcut } from '#src/components/shortcuts/shortcut-provider.tsx';
import { LIST_LIMIT_MAX } from '../schema.ts';

/** `[` and `]`: the session received after and before this one, among the latest. */
export function useNeighbourKeys(project: string, id: string): void {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const go = async (step: 1 | -1) => {
    const { items } = await queryClient.fetchQuery(
      trpc.sessions.list.queryOptions({ project, limit: LIST_LIMIT_MAX }),
    );
    const at = items.findIndex((session) => session.id === id);
    const next = at < 0 ? undefined : items[at + step];
    if (next) router.push(`/p/${project}/sessions/${next.id}`);
    else toast.info(step === -1 ? 'This is the newest session.' : 'No earlier session among the latest.');
  };
  const run = (step: 1 | -1) => () => {
    go(step).catch(() => toast.error('Could not read the list of sessions.'));
  };
  useShortcut('[', 'Newer session', 'Session', run(-1));
  useShortcut(']', 'Older session', 'Session', run(1));
}
