import { CircleCheck, CircleDashed, CircleUser, LoaderCircle, type LucideIcon } from 'lucide-react';
import { Button } from '#src/components/ui/button.tsx';
import { cn } from '#src/components/ui/cn.ts';
import { LIST_LIMIT_MAX, type SessionListItem } from '#src/features/sessions/schema.ts';
import { TRIAGE_COUNT_MAX, type TriageGroup } from '../../schema.ts';
import { TriageRow } from './triage-row.tsx';

const looks: Record<TriageGroup, { title: string; icon: LucideIcon; tone: string; nothing: string }> = {
  investigating: {
    title: 'Investigating',
    icon: LoaderCircle,
    tone: 'text-accent',
    nothing: 'Nothing runs now.',
  },
  needs_review: {
    title: 'Needs review',
    icon: CircleDashed,
    tone: 'text-warn',
    nothing: 'Nothing waits for a review.',
  },
  in_progress: {
    title: 'In review',
    icon: CircleUser,
    tone: 'text-accent',
    nothing: 'Nobody has claimed one.',
  },
  reviewed: {
    title: 'Reviewed',
    icon: CircleCheck,
    tone: 'text-ok',
    nothing: 'Nothing has been reviewed yet.',
  },
};

type TriageGroupProps = {
  project: string;
  group: TriageGroup;
  sessions: readonly SessionListItem[];
  count: number | undefined;
  limit: number;
  onMore: () => void;
  selected: ReadonlySet<string>;
  onSelect: ((id: string) => void) | null;
};

export const formatGroupCount = (count: number): string =>
  count > TRIAGE_COUNT_MAX ? `${TRIAGE_COUNT_MAX}+` : String(count);

export function TriageGroupSection(props: TriageGroupProps) {
  const { project, group, sessions, count, limit, onMore, selected, onSelect } = props;
  const { title, icon: Icon, tone, nothing } = looks[group];
  const more = count !== undefined && count > sessions.length && limit < LIST_LIMIT_MAX;
  return (
    <section aria-label={title} className="border-b">
      <h2 className="sticky top-0 z-10 flex h-9 items-center gap-2 border-b bg-raised px-3 font-semibold md:px-4">
        <Icon aria-hidden="true" className={cn('size-3.5', tone)} />
        {title}
        <span className="tabular font-normal text-dim">
          {count === undefined ? '' : formatGroupCount(count)}
        </span>
      </h2>
      {sessions.length === 0 ? <p className="px-3 py-2.5 text-dim md:px-4">{nothing}</p> : null}
      <ul className="bg-panel">
        {sessions.map((session) => (
          <TriageRow
            key={session.id}
            project={project}
            session={session}
            selected={selected.has(session.id)}
            onSelect={onSelect ? () => onSelect(session.id) : null}
          />
        ))}
      </ul>
      {more ? (
        <div className="border-t bg-panel p-2 text-center">
          <Button size="sm" variant="ghost" onClick={onMore}>
            Show more
          </Button>
        </div>
      ) : null}
    </section>
  );
}
