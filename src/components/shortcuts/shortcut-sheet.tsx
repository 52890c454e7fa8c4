'use client';
import { useState } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { useReadShortcuts, useShortcut } from './shortcut-provider.tsx';

/** The list of all shortcuts that work on this page, on `?`. */
export function ShortcutSheet({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  useShortcut('?', 'Show this list', 'Everywhere', () => onOpenChange(true));
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts">
      <ShortcutList />
    </Dialog>
  );
}

function ShortcutList() {
  const read = useReadShortcuts();
  const [shortcuts] = useState(read);
  const groups = [...new Set(shortcuts.map(({ group }) => group))].sort();
  return (
    <div className="grid gap-x-8 gap-y-4 overflow-y-auto p-4 sm:grid-cols-2">
      {groups.map((group) => (
        <section key={group}>
          <h3 className="mb-1 font-medium text-dim text-xs">{group}</h3>
          <dl>
            {shortcuts
              .filter((shortcut) => shortcut.group === group)
              .map(({ keys, label }) => (
                <div key={keys} className="flex items-center justify-between gap-4 py-1">
                  <dt>{label}</dt>
                  <dd className="flex gap-1">
                    <Keys keys={keys} />
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

function Keys({ keys }: { keys: string }) {
  const parts = keys.split(' ').flatMap((key) => key.split(/(?<=.)\+/));
  return parts.map((part) => <Kbd key={part}>{part === 'mod' ? 'Ctrl/⌘' : part}</Kbd>);
}
