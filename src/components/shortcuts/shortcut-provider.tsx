'use client';
import { createContext, type ReactNode, use, useEffect, useRef, useState } from 'react';
import { keyName, matchShortcut, type ShortcutKeys } from './match-shortcut.ts';

type Shortcut = { keys: ShortcutKeys; label: string; group: string; run: () => void };
type Registry = Map<symbol, () => Shortcut>;

const SEQUENCE_MS = 1200;
const RegistryContext = createContext<Registry | null>(null);

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Enter and Space belong to a focused control. */
const isControl = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('button, a[href], summary, [role="menuitem"]') !== null;

const isOverlayOpen = (): boolean =>
  document.querySelector('[role="dialog"][data-state="open"], [role="alertdialog"], [role="menu"]') !== null;

/** Holds the shortcuts of what is on the page now, and listens for them. */
export function ShortcutProvider({ children }: { children: ReactNode }) {
  const [registry] = useState<Registry>(() => new Map());
  useEffect(() => listen(registry), [registry]);
  return <RegistryContext value={registry}>{children}</RegistryContext>;
}

function listen(registry: Registry): () => void {
  let pending = '';
  let pendingSince = 0;
  const onKeyDown = (event: KeyboardEvent) => {
    const key = keyName(event);
    if (!key || event.defaultPrevented) return;
    const always = key.startsWith('mod+');
    if (!always && (isTyping(event.target) || isOverlayOpen())) return;
    if ((key === 'Enter' || key === 'Space') && isControl(event.target)) return;
    if (event.timeStamp - pendingSince > SEQUENCE_MS) pending = '';
    const shortcuts = [...registry.values()].map((read) => read());
    const match = matchShortcut(
      pending,
      key,
      shortcuts.map(({ keys }) => keys),
    );
    pending = match.kind === 'wait' ? match.pending : '';
    pendingSince = event.timeStamp;
    if (match.kind !== 'run') return;
    event.preventDefault();
    shortcuts.findLast(({ keys }) => keys === match.keys)?.run();
  };
  window.addEventListener('keydown', onKeyDown);
  return () => window.removeEventListener('keydown', onKeyDown);
}

function useRegistry(): Registry {
  const registry = use(RegistryContext);
  if (!registry) throw new Error('shortcuts need a ShortcutProvider above');
  return registry;
}

/** Makes a shortcut work, and shows it in the sheet, while the calling component is mounted. */
export function useShortcut(keys: ShortcutKeys, label: string, group: string, run: () => void): void {
  const registry = useRegistry();
  const current = useRef<Shortcut>({ keys, label, group, run });
  useEffect(() => {
    current.current = { keys, label, group, run };
  });
  useEffect(() => {
    const id = Symbol(keys);
    registry.set(id, () => current.current);
    return () => {
      registry.delete(id);
    };
  }, [registry, keys]);
}

/** Reads the shortcuts that work right now; call it when the sheet opens. */
export function useReadShortcuts(): () => readonly Shortcut[] {
  const registry = useRegistry();
  return () => [...registry.values()].map((read) => read());
}
