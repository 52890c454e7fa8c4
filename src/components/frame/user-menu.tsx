'use client';
import { CircleUser, LogOut } from 'lucide-react';
import { signOut } from 'next-auth/react';
import { useTheme } from 'next-themes';
import {
  DropdownMenu,
  DropdownMenuCheckItem,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '../ui/dropdown-menu.tsx';
import { useProject } from './project-context.tsx';

const themes = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;

export function UserMenu() {
  const { userName, project } = useProject();
  const { theme, setTheme } = useTheme();
  return (
    <DropdownMenu>
      <DropdownMenuTrigger className="flex h-9 items-center gap-2 rounded-md px-2 text-left hover:bg-raised">
        <CircleUser aria-hidden="true" className="size-4 text-dim" />
        <span title={userName} className="min-w-0 flex-1 truncate">
          {userName}
        </span>{' '}
        <span className="text-dim text-xs">{project.role}</span>
        <span className="sr-only">, theme and sign out</span>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="start" side="top">
        {/* In full: the button may have had to cut it. */}
        <p className="max-w-72 px-2 py-1.5 text-xs [overflow-wrap:anywhere]">{userName}</p>
        <DropdownMenuSeparator />
        <DropdownMenuLabel>Theme</DropdownMenuLabel>
        {themes.map(([value, label]) => (
          <DropdownMenuCheckItem key={value} checked={theme === value} onSelect={() => setTheme(value)}>
            {label}
          </DropdownMenuCheckItem>
        ))}
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={() => void signOut({ callbackUrl: '/sign-in' })}>
          <LogOut /> Sign out
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
