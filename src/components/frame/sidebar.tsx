'use client';
import { Keyboard, Plus, Search } from 'lucide-react';
import Link from 'next/link';
import { usePathname, useRouter } from 'next/navigation';
import { useShortcut } from '../shortcuts/shortcut-provider.tsx';
import { Button } from '../ui/button.tsx';
import { cn } from '../ui/cn.ts';
import { Kbd } from '../ui/kbd.tsx';
import { Logo } from './logo.tsx';
import { type NavEntry, navEntriesFor } from './nav-entries.ts';
import { useMay, useProject } from './project-context.tsx';
import { ProjectSwitcher } from './project-switcher.tsx';
import { UserMenu } from './user-menu.tsx';

export function Sidebar({ onSearch, onShortcuts }: { onSearch: () => void; onShortcuts: () => void }) {
  const { project } = useProject();
  const maySubmit = useMay('operator');
  const isAdmin = useMay('admin');
  const base = `/p/${project.slug}`;
  return (
    <div className="flex h-full flex-col gap-3 p-2.5">
      <div className="flex h-8 items-center justify-between px-1">
        <Logo />
        <Button
          variant="ghost"
          size="iconSm"
          aria-label="Keyboard shortcuts"
          title="Shortcuts (?)"
          onClick={onShortcuts}
        >
          <Keyboard />
        </Button>
      </div>
      <ProjectSwitcher />
      <button
        type="button"
        onClick={onSearch}
        className="flex h-8 items-center gap-2 rounded-md border border-line px-2 text-dim hover:bg-raised"
      >
        <Search aria-hidden="true" className="size-3.5" />
        <span className="flex-1 text-left">Search</span>
        <Kbd>Ctrl/⌘</Kbd>
        <Kbd>K</Kbd>
      </button>
      <nav aria-label="Sections" className="grid gap-0.5">
        {navEntriesFor(isAdmin).map((entry) => (
          <NavLink key={entry.path} entry={entry} base={base} />
        ))}
      </nav>
      {maySubmit ? (
        <Button asChild variant="primary" className="w-full">
          <Link href={`${base}/alerts/new`}>
            <Plus /> Submit alert
          </Link>
        </Button>
      ) : null}
      <span className="flex-1" />
      <UserMenu />
    </div>
  );
}

function NavLink({ entry, base }: { entry: NavEntry; base: string }) {
  const router = useRouter();
  const { navBadges } = useProject();
  const href = `${base}${entry.path}`;
  const current = usePathname().startsWith(href);
  useShortcut(entry.keys, `Go to ${entry.label.toLowerCase()}`, 'Everywhere', () => router.push(href));
  return (
    <Link
      href={href}
      aria-current={current ? 'page' : undefined}
      className={cn(
        'flex h-8 items-center gap-2 rounded-md px-2 text-dim hover:bg-raised hover:text-text',
        current && 'bg-accent-soft font-medium text-accent hover:bg-accent-soft hover:text-accent',
      )}
    >
      <entry.icon aria-hidden="true" className="size-4" />
      {entry.label}
      {navBadges[entry.path]}
    </Link>
  );
}
