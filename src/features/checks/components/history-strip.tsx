import Link from 'next/link';
import { cn } from '#src/components/ui/cn.ts';
import { formatAbsoluteTime } from '#src/lib/format-time.ts';
import type { CheckRunView } from '../schema.ts';
import { describeRun, lookOf } from './describe-run.ts';

/** The newest runs, the newest on the right; each leads to its session. */
export function HistoryStrip({
  project,
  name,
  runs,
}: {
  project: string;
  name: string;
  runs: CheckRunView[];
}) {
  return (
    <ol aria-label={`Runs of ${name}`} className="flex flex-wrap gap-x-0.5 gap-y-1">
      {[...runs].reverse().map((run) => (
        <li key={run.id} className="flex">
          <RunIcon project={project} run={run} />
        </li>
      ))}
    </ol>
  );
}

function RunIcon({ project, run }: { project: string; run: CheckRunView }) {
  const { icon: Icon, text } = lookOf(run);
  const said = `${describeRun(run)} (${formatAbsoluteTime(run.dueAt)})`;
  const icon = (
    <>
      <Icon aria-hidden="true" className="size-4" />
      <span className="sr-only">{said}</span>
    </>
  );
  if (!run.sessionId)
    return (
      <span title={said} className={text}>
        {icon}
      </span>
    );
  return (
    <Link
      href={`/p/${project}/sessions/${run.sessionId}`}
      title={said}
      className={cn('rounded hover:bg-raised', text)}
    >
      {icon}
    </Link>
  );
}
