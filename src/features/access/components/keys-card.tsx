'use client';
import { useQuery } from '@tanstack/react-query';
import { ChevronRight, KeyRound } from 'lucide-react';
import { useState } from 'react';
import { Card } from '#src/components/card.tsx';
import { useTRPC } from '#src/components/data/trpc.ts';
import { ErrorState } from '#src/components/error-state.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import { Badge } from '#src/components/ui/badge.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { ConfirmDialog } from '#src/components/ui/confirm-dialog.tsx';
import { SkeletonRows } from '#src/components/ui/skeleton.tsx';
import { useNow } from '#src/components/use-now.ts';
import { formatDate } from '#src/lib/format-time.ts';
import type { ApiKeyView } from '../schema.ts';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import { type KeyState, keyState } from './key-state.ts';
import type { AccessActions } from './use-access.ts';

const EXPIRY_TICK_MS = 60_000;

export function KeysCard({ project, actions }: { project: string; actions: AccessActions }) {
  const trpc = useTRPC();
  const now = useNow(EXPIRY_TICK_MS);
  const [creating, setCreating] = useState(false);
  const keys = useQuery(trpc.access.listKeys.queryOptions({ project }));
  const items = (keys.data?.items ?? []).map((item) => ({ item, state: keyState(item, now) }));
  const valid = items.filter(({ state }) => state !== 'revoked' && state !== 'expired');
  const ended = items.filter((entry) => !valid.includes(entry));
  return (
    <Card
      title="API keys"
      aside={
        <Button size="sm" onClick={() => setCreating(true)}>
          <KeyRound /> New key
        </Button>
      }
    >
      {keys.isPending ? <SkeletonRows rows={2} rowClassName="h-12" /> : null}
      {keys.isError && !keys.data ? (
        <ErrorState error={keys.error} what="the keys" onRetry={() => void keys.refetch()} />
      ) : null}
      {keys.data && valid.length === 0 ? (
        <p className="px-4 py-6 text-center text-dim">
          No key is valid. Monitoring systems need one with the scope{' '}
          <code className="text-text">alerts</code>.
        </p>
      ) : null}
      <ul aria-label="Valid keys">
        {valid.map(({ item, state }) => (
          <KeyRow key={item.id} item={item} state={state} actions={actions} />
        ))}
      </ul>
      {ended.length > 0 ? (
        <details className="group border-t">
          <summary className="flex min-h-10 cursor-pointer items-center gap-2 px-4 py-1.5 text-dim hover:bg-raised">
            <ChevronRight aria-hidden="true" className="size-3.5 shrink-0 group-open:rotate-90" />
            {ended.length} revoked or expired
          </summary>
          <ul aria-label="Ended keys">
            {ended.map(({ item, state }) => (
              <KeyRow key={item.id} item={item} state={state} actions={actions} />
            ))}
          </ul>
        </details>
      ) : null}
      {creating ? <CreateKeyDialog actions={actions} onClose={() => setCreating(false)} /> : null}
    </Card>
  );
}

function KeyRow({ item, state, actions }: { item: ApiKeyView; state: KeyState; actions: AccessActions }) {
  const { id, name, scope, prefix, createdAt, createdBy, lastUsedAt, expiresAt, revokedAt } = item;
  const isValid = state === 'valid' || state === 'ending';
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-b px-4 py-2 last:border-b-0">
      <div className="min-w-0 flex-1 basis-56">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          <span className="min-w-0 font-medium [overflow-wrap:anywhere]">{name}</span>
          <Badge tone={scope === 'admin' ? 'warn' : 'neutral'}>{scope}</Badge>
          {state === 'ending' && expiresAt ? <Badge tone="warn">ends {formatDate(expiresAt)}</Badge> : null}
          {state === 'expired' ? <Badge tone="bad">expired</Badge> : null}
          {state === 'revoked' ? <Badge tone="bad">revoked</Badge> : null}
        </div>
        <div className="flex flex-wrap gap-x-2 text-dim text-xs">
          <code>{prefix}…</code>
          <span>
            made <TimeAgo at={createdAt} />
            {createdBy ? ` by ${createdBy}` : ''}
          </span>
          <span>
            {lastUsedAt ? (
              <>
                used <TimeAgo at={lastUsedAt} />
              </>
            ) : (
              'never used'
            )}
          </span>
          {revokedAt ? (
            <span>
              revoked <TimeAgo at={revokedAt} />
            </span>
          ) : expiresAt && state !== 'ending' ? (
            <span>
              {isValid ? 'ends' : 'ended'} {formatDate(expiresAt)}
            </span>
          ) : null}
        </div>
      </div>
      {isValid ? (
        <ConfirmDialog
          title={`Revoke ${name}?`}
          description="Whatever uses it is refused and disconnected at once. It cannot be made valid again."
          confirm="Revoke"
          onConfirm={() => actions.revokeKey(id, name)}
        >
          <Button size="sm" variant="danger" aria-label={`Revoke ${name}`}>
            Revoke
          </Button>
        </ConfirmDialog>
      ) : null}
    </li>
  );
}
