'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Command, defaultFilter } from 'cmdk';
import { Folder, Keyboard, LogOut, type LucideIcon, Moon, Plus, Sun } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { signOut } from 'next-auth/react';
import { useTheme } from 'next-themes';
import { type ReactNode, useCallback, useDeferredValue, useEffect, useRef, useState } from 'react';
import { useTRPC } from '../data/trpc.ts';
import { navEntriesFor } from '../frame/nav-entries.ts';
import { useMay, useProject } from '../frame/project-context.tsx';
import { SessionTitle } from '../names/session-title.tsx';
import { StatusIcon } from '../run-status.tsx';
import { useShortcut } from '../shortcuts/shortcut-provider.tsx';
import { TimeAgo } from '../time.tsx';
import { Dialog } from '../ui/dialog.tsx';

const SESSIONS_SHOWN = 8;
const SESSION = 'session:';

/**
 * Pages and commands by how well their name matches; sessions, which the server has matched by any of their text, after
 * them: what is typed as a name must not be taken over by a session that comes a moment later.
 */
const rank = (value: string, search: string): number =>
  value.startsWith(SESSION) ? Number.MIN_VALUE : defaultFilter(value, search);

type PaletteProps = { open: boolean; onOpenChange: (open: boolean) => void; onShortcuts: () => void };

/** Go anywhere and do anything by name; also finds sessions by their text. */
export function CommandPalette({ open, onOpenChange, onShortcuts }: PaletteProps) {
  useShortcut('mod+k', 'Search and commands', 'Everywhere', () => onOpenChange(!open));
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Search and commands" hideTitle>
      <PaletteBody close={() => onOpenChange(false)} onShortcuts={onShortcuts} />
    </Dialog>
  );
}

function PaletteBody({ close, onShortcuts }: { close: () => void; onShortcuts: () => void }) {
  const [text, setText] = useState('');
  const { list, selected, setSelected, keepSelection } = useSelection();
  const { project, projects } = useProject();
  const maySubmit = useMay('operator');
  const isAdmin = useMay('admin');
  const router = useRouter();
  const { resolvedTheme, setTheme } = useTheme();
  const run = (action: () => void) => () => {
    close();
    action();
  };
  const go = (path: string) => run(() => router.push(path));
  const base = `/p/${project.slug}`;
  // The newest come first, and what is found by a text last: cmdk selects the first entry there is when it looks, which is
  // not always after it has sorted them.
  const sessions = (
    <FoundSessions text={text} onOpen={(id) => go(`${base}/sessions/${id}`)()} onChange={keepSelection} />
  );
  return (
    <Command
      label="Search and commands"
      className="flex min-h-0 flex-col"
      value={selected}
      onValueChange={setSelected}
      filter={rank}
    >
      <Command.Input
        // Else the dialog focuses its invisible close button, and typing goes nowhere.
        autoFocus
        value={text}
        onValueChange={setText}
        placeholder="Find a session, a page or a command"
        className="h-11 w-full border-b bg-transparent px-4 text-base outline-none placeholder:text-dim"
      />
      <Command.List ref={list} className="thin-scroll max-h-[55vh] overflow-y-auto p-1.5">
        <Command.Empty className="px-3 py-6 text-center text-dim">Nothing by that name.</Command.Empty>
        {text.trim() === '' ? sessions : null}
        <Group heading="Go to">
          {navEntriesFor(isAdmin).map(({ label, icon, path }) => (
            <Entry key={path} icon={icon} onSelect={go(`${base}${path}`)}>
              {label}
            </Entry>
          ))}
          {projects
            .filter(({ slug }) => slug !== project.slug)
            .map(({ slug, name }) => (
              <Entry key={slug} icon={Folder} onSelect={go(`/p/${slug}/sessions`)}>
                Project {name}
              </Entry>
            ))}
        </Group>
        <Group heading="Do">
          {maySubmit ? (
            <Entry icon={Plus} onSelect={go(`${base}/alerts/new`)}>
              Submit an alert
            </Entry>
          ) : null}
          <Entry
            icon={resolvedTheme === 'dark' ? Sun : Moon}
            onSelect={run(() => setTheme(resolvedTheme === 'dark' ? 'light' : 'dark'))}
          >
            Use the {resolvedTheme === 'dark' ? 'light' : 'dark'} theme
          </Entry>
          <Entry icon={Keyboard} onSelect={run(onShortcuts)}>
            Keyboard shortcuts
          </Entry>
          <Entry icon={LogOut} onSelect={run(() => void signOut({ callbackUrl: '/sign-in' }))}>
            Sign out
          </Entry>
        </Group>
        {text.trim() === '' ? null : sessions}
      </Command.List>
    </Command>
  );
}

/** What Enter would take. cmdk selects nothing when the selected entry goes: then it is the first that is left. */
function useSelection() {
  const [selected, setSelected] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const keepSelection = useCallback(() => {
    requestAnimationFrame(() => {
      if (list.current?.querySelector('[cmdk-item][aria-selected="true"]')) return;
      setSelected(list.current?.querySelector('[cmdk-item]')?.getAttribute('data-value') ?? '');
    });
  }, []);
  return { list, selected, setSelected, keepSelection };
}

function FoundSessions({
  text,
  onOpen,
  onChange,
}: {
  text: string;
  onOpen: (id: string) => void;
  /** Other sessions are shown now. */
  onChange: () => void;
}) {
  const { project } = useProject();
  const trpc = useTRPC();
  const q = useDeferredValue(text.trim());
  const found = useQuery(
    trpc.sessions.list.queryOptions(
      { project: project.slug, limit: SESSIONS_SHOWN, ...(q ? { q } : {}) },
      { placeholderData: keepPreviousData },
    ),
  );
  const items = found.data?.items ?? [];
  const shown = items.map(({ id }) => id).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shown` is what it waits for.
  useEffect(() => onChange(), [shown, onChange]);
  if (items.length === 0) return null;
  return (
    <Group heading={q ? 'Sessions' : 'Latest sessions'}>
      {items.map((session) => (
        <Command.Item
          key={session.id}
          value={`${SESSION}${session.id}`}
          onSelect={() => onOpen(session.id)}
          className={entryClass}
        >
          <StatusIcon status={session.status} />
          <span className="min-w-0 flex-1 truncate">
            <SessionTitle project={project.slug} session={session} />
          </span>
          <TimeAgo at={session.createdAt} className="text-dim text-xs" />
        </Command.Item>
      ))}
    </Group>
  );
}

const entryClass =
  'flex cursor-pointer select-none items-center gap-2.5 rounded-md px-2.5 py-2 data-[selected=true]:bg-raised';

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-dim [&_[cmdk-group-heading]]:text-xs"
    >
      {children}
    </Command.Group>
  );
}

function Entry({
  icon: Icon,
  onSelect,
  children,
}: {
  icon: LucideIcon;
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <Command.Item onSelect={onSelect} className={entryClass}>
      <Icon aria-hidden="true" className="size-3.5 text-dim" />
      {children}
    </Command.Item>
  );
}
