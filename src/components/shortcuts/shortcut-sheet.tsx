'use client';
import { Fragment, useState } from 'react';
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
            {byLabel(shortcuts.filter((shortcut) => shortcut.group === group)).map(([label, ways]) => (
              <div key={label} className="flex items-center justify-between gap-4 py-1">
                <dt>{label}</dt>
                <dd className="flex items-center gap-1">
                  {ways.map(({ keys }, index) => (
                    <Fragment key={keys}>
                      {index > 0 ? <span className="text-dim text-xs">or</span> : null}
                      <Keys keys={keys} />
                    </Fragment>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

/** Several keys that do the same stand in one line. */
const byLabel = <T extends { label: string }>(shortcuts: readonly T[]): [string, T[]][] => [
  ...Map.groupBy(shortcuts, ({ label }) => label),
];

function Keys({ keys }: { keys: string }) {
  const parts = keys.split(' ').flatMap((key) => key.split(/(?<=.)\+/));
  return parts.map((part) => <Kbd key={part}>{part === 'mod' ? 'Ctrl/⌘' : part}</Kbd>);
}
