'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { KeyRound, RotateCcw } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { useTRPC } from '#src/components/data/trpc.ts';
import { ErrorState } from '#src/components/error-state.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { Skeleton } from '#src/components/ui/skeleton.tsx';
import type { DefaultTools } from '../schema.ts';
import { chosenOf, defaultChoice, describeChoice, isSameChoice, type McpChoice } from './mcp-choice.ts';
import { McpServerFields } from './mcp-server-fields.tsx';
import type { AlertForm } from './use-alert-form.ts';

/** For this alert alone: which servers and tools agents may use. Starts with what the chain of its type uses. */
export function McpFields({ project, form }: { project: string; form: AlertForm }) {
  const trpc = useTRPC();
  const alertType = form.text.alertType || undefined;
  const defaults = useQuery(
    trpc.alerts.defaultTools.queryOptions({ project, alertType }, { placeholderData: keepPreviousData }),
  );
  const error = form.errorOf('mcp');
  const [isOpen, setOpen] = useState(false);
  const servers = defaults.data?.servers ?? [];
  const usual = defaultChoice(servers);
  const choice = form.servers ?? usual;
  const choose = (next: McpChoice) => form.setServers(isSameChoice(next, usual) ? null : next);
  return (
    <div className="grid min-w-0 gap-2">
      <details
        className="min-w-0 rounded-md border px-3 py-2"
        open={isOpen || error !== undefined}
        onToggle={(event) => setOpen(event.currentTarget.open)}
      >
        <summary className="cursor-pointer text-sm">
          <span className="font-medium">MCP servers and tools</span>
          <span className="ml-2 text-dim text-xs">
            {form.servers === null ? 'as configured' : 'changed for this alert'}
            {defaults.data ? `: ${describeChoice(choice)}` : ''}
          </span>
        </summary>
        <fieldset className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-2 pt-2">
          <legend className="sr-only">MCP servers and tools</legend>
          <p className="text-dim text-xs">
            {defaults.data ? `Chain ${defaults.data.chain} decides unless you do. ` : ''}A choice holds for
            every agent of this investigation; what changes something still waits for approval.
          </p>
          {error ? (
            <p id="mcp-error" role="alert" className="text-bad text-xs">
              {error}
            </p>
          ) : null}
          {defaults.isPending ? <Skeleton className="h-20" /> : null}
          {defaults.isError && !defaults.data ? (
            <ErrorState error={defaults.error} what="the tools" onRetry={() => void defaults.refetch()} />
          ) : null}
          {defaults.data && servers.length === 0 ? (
            <p className="text-dim">No MCP server is configured.</p>
          ) : null}
          {servers.map((server) => (
            <McpServerFields
              key={server.name}
              server={server}
              usual={usual}
              choice={choice}
              onChoose={choose}
              invalid={error !== undefined}
            />
          ))}
          {form.servers === null ? null : (
            <Button size="sm" className="justify-self-start" onClick={() => form.setServers(null)}>
              <RotateCcw /> As configured
            </Button>
          )}
        </fieldset>
      </details>
      <SignInHint project={project} servers={servers} choice={choice} />
    </div>
  );
}

/** Seen without unfolding anything: what will be missing in what this person starts. */
function SignInHint({
  project,
  servers,
  choice,
}: {
  project: string;
  servers: DefaultTools['servers'];
  choice: McpChoice;
}) {
  const missing = servers.filter(({ name, needsMySignIn }) => needsMySignIn && chosenOf(choice, name));
  if (missing.length === 0) return null;
  return (
    <p role="status" className="flex flex-wrap items-center gap-x-2 rounded-md bg-warn-soft p-2.5 text-warn">
      <KeyRound aria-hidden="true" className="size-4 shrink-0" />
      <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        You are not signed in to {missing.map(({ name }) => name).join(', ')}: this investigation will go
        without it.
      </span>
      <Link href={`/p/${project}/system`} className="font-medium underline underline-offset-2">
        Sign in on the system page
      </Link>
    </p>
  );
}
