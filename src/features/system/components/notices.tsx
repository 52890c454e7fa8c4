'use client';
import { useQuery } from '@tanstack/react-query';
import { RotateCw, TriangleAlert, Unplug, X } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { getSocket } from '#src/components/data/socket.ts';
import { useTRPC } from '#src/components/data/trpc.ts';
import { Button } from '#src/components/ui/button.tsx';
import type { Notices as Answer } from '../schema.ts';
import { countMisses, isOutOfDate, openWarnings, stillDismissed } from './decide-notices.ts';
import { useDismissed } from './use-dismissed.ts';

const REFRESH_MS = 30_000;
/** While something is wrong, or another release has answered once. */
const CLOSE_LOOK_MS = 10_000;

const servedBy = (): string | undefined => document.documentElement.dataset.release;

/** Above every page: what is wrong with TARS itself, that it does not answer, and that the page is older. Mostly nothing. */
export function Notices({ project }: { project: string }) {
  const trpc = useTRPC();
  const notices = useQuery(
    trpc.system.notices.queryOptions(
      { project },
      {
        refetchInterval: ({ state }) =>
          state.data && !state.error && isCalm(state.data) ? REFRESH_MS : CLOSE_LOOK_MS,
      },
    ),
  );
  useLook(notices.refetch);
  const misses = useMisses(notices.data, notices.dataUpdatedAt);
  return (
    <div role="status">
      {notices.isError || notices.isPaused ? <SilenceBar /> : null}
      {isOutOfDate(misses) ? <ReloadBar /> : null}
      {notices.data ? <WarningBar project={project} warnings={notices.data.warnings} /> : null}
    </div>
  );
}

/** The line of pushes knows first that the server has gone, and that it is back. */
function useLook(look: () => Promise<unknown>): void {
  useEffect(() => {
    const socket = getSocket();
    const onChange = () => void look();
    socket.on('connect', onChange);
    socket.on('disconnect', onChange);
    return () => {
      socket.off('connect', onChange);
      socket.off('disconnect', onChange);
    };
  }, [look]);
}

const isCalm = ({ warnings, release }: Answer): boolean =>
  warnings.length === 0 && countMisses(0, servedBy(), release) === 0;

/** How many answers in a row came from another release than the page. */
function useMisses(answer: Answer | undefined, answeredAt: number): number {
  const [seen, setSeen] = useState({ answeredAt: 0, misses: 0 });
  useEffect(() => {
    if (!answer) return;
    setSeen((before) =>
      before.answeredAt === answeredAt
        ? before
        : { answeredAt, misses: countMisses(before.misses, servedBy(), answer.release) },
    );
  }, [answer, answeredAt]);
  return seen.misses;
}

/** Else what was read before passes for the state of now. */
function SilenceBar() {
  return (
    <Bar className="bg-warn-soft">
      <Unplug aria-hidden="true" className="size-4 shrink-0 text-warn" />
      <p className="min-w-0 flex-1">
        TARS does not answer. What you see may be out of date; the page keeps trying.
      </p>
    </Bar>
  );
}

function ReloadBar() {
  return (
    <Bar className="bg-accent-soft text-accent">
      <RotateCw aria-hidden="true" className="size-4 shrink-0" />
      <p className="min-w-0 flex-1">A new version of TARS is running.</p>
      <Button size="sm" onClick={() => window.location.reload()}>
        Reload
      </Button>
    </Bar>
  );
}

function WarningBar({ project, warnings }: { project: string; warnings: Answer['warnings'] }) {
  const [dismissed, setDismissed] = useDismissed();
  const system = `/p/${project}/system`;
  // The system page shows them all.
  const onSystemPage = usePathname() === system;
  useEffect(() => {
    const kept = stillDismissed(dismissed, warnings);
    if (Object.keys(kept).length < Object.keys(dismissed).length) setDismissed(kept);
  }, [dismissed, setDismissed, warnings]);
  const [first, ...others] = openWarnings(warnings, dismissed);
  if (!first || onSystemPage) return null;
  return (
    <Bar className="bg-warn-soft">
      <TriangleAlert aria-hidden="true" className="size-4 shrink-0 text-warn" />
      <Link href={system} className="group flex min-w-0 flex-1 items-baseline gap-2 rounded">
        <span className="truncate group-hover:underline">{first.message}</span>
        {others.length > 0 ? (
          <span className="shrink-0 text-dim text-xs">and {others.length} more</span>
        ) : null}
      </Link>
      <Button
        variant="ghost"
        size="iconSm"
        aria-label={`Dismiss: ${first.message}`}
        title="Dismiss until it changes"
        onClick={() => setDismissed({ ...dismissed, [first.key]: first.message })}
      >
        <X />
      </Button>
    </Bar>
  );
}

const Bar = ({ className, children }: { className: string; children: ReactNode }) => (
  <div className={`flex min-h-9 items-center gap-2 border-b px-3 py-0.5 md:px-4 ${className}`}>
    {children}
  </div>
);
