'use client';
import { ChevronsUpDown, Folder } from 'lucide-react';
import { useRouter } from 'next/navigation';
import {
  DropdownMenu,
  DropdownMenuCheckItem,
  DropdownMenuContent,
  DropdownMenuLabel,
  DropdownMenuTrigger,
} from '../ui/dropdown-menu.tsx';
import { useProject } from './project-context.tsx';

export function ProjectSwitcher() {
  const { project, projects } = useProject();
  const router = useRouter();
  return (
    <DropdownMenu>
      <DropdownMenuTrigger
        aria-label={`Project ${project.name}, switch`}
        className="flex h-8 items-center gap-2 rounded-md px-2 text-left font-medium hover:bg-raised"
      >
        <Folder aria-hidden="true" className="size-4 text-dim" />
        <span className="min-w-0 flex-1 truncate">{project.name}</span>
        <ChevronsUpDown aria-hidden="true" className="size-3.5 text-dim" />
      </DropdownMenuTrigger>
      <DropdownMenuContent align="start">
        <DropdownMenuLabel>Projects</DropdownMenuLabel>
        {projects.map((each) => (
          <DropdownMenuCheckItem
            key={each.slug}
            checked={each.slug === project.slug}
            onSelect={() => router.push(`/p/${each.slug}/sessions`)}
          >
            <span className="min-w-0 flex-1 truncate">{each.name}</span>
            <span className="text-dim text-xs">{each.role}</span>
          </DropdownMenuCheckItem>
        ))}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
