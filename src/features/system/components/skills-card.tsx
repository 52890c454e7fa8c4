'use client';
import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { Card } from '#src/components/card.tsx';
import { useTRPC } from '#src/components/data/trpc.ts';
import { ErrorState } from '#src/components/error-state.tsx';
import { Markdown } from '#src/components/markdown.tsx';
import { Skeleton } from '#src/components/ui/skeleton.tsx';
import type { SkillEntry } from '../schema.ts';

/** What the team has written down for agents, each with its text. Not there while there is none. */
export function SkillsCard({ project }: { project: string }) {
  const trpc = useTRPC();
  const skills = useQuery(trpc.system.skills.queryOptions({ project }));
  if (skills.isError)
    return (
      <Card title="Skills" wide>
        <ErrorState error={skills.error} what="the skills" onRetry={() => void skills.refetch()} />
      </Card>
    );
  if (!skills.data || skills.data.length === 0) return null;
  return (
    <Card title="Skills" wide>
      {skills.data.map((skill) => (
        <Entry key={skill.name} project={project} skill={skill} />
      ))}
    </Card>
  );
}

function Entry({ project, skill }: { project: string; skill: SkillEntry }) {
  const trpc = useTRPC();
  const [isOpen, setOpen] = useState(false);
  const read = useQuery(trpc.system.skill.queryOptions({ project, name: skill.name }, { enabled: isOpen }));
  return (
    <details
      className="group border-b last:border-b-0"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="flex min-h-10 list-none group-open:flex-wrap items-center gap-2.5 px-4 py-1.5 hover:bg-raised [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden="true" className="size-3.5 shrink-0 text-dim group-open:rotate-90" />
        <span className="shrink-0 font-medium font-mono text-xs">{skill.name}</span>
        <span className="min-w-0 flex-1 truncate text-dim text-xs group-open:whitespace-normal">
          {skill.description}
        </span>
      </summary>
      <div className="px-4 pb-3 pl-10">
        {read.isLoading ? <Skeleton className="h-24" /> : null}
        {read.isError ? (
          <ErrorState error={read.error} what="the skill" onRetry={() => void read.refetch()} />
        ) : null}
        {read.data ? <Markdown text={read.data.text} /> : null}
      </div>
    </details>
  );
}
