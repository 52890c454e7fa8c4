'use client';
import type { RefObject } from 'react';
import { useShortcut } from '#src/components/shortcuts/shortcut-provider.tsx';

const GROUP = 'Sessions';

type ListKeys = {
  searchInput: RefObject<HTMLInputElement | null>;
  peek: string | null;
  onPeek: (id: string | null) => void;
};

const links = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[data-session]')];

/** The keyboard path of the list: the focus moves over the sessions' links, Enter opens as links do. */
export function useListKeys({ searchInput, peek, onPeek }: ListKeys): void {
  const focused = () => document.activeElement?.closest<HTMLElement>('[data-session]') ?? null;
  const move = (step: 1 | -1) => {
    const all = links();
    const current = focused();
    const at = current ? all.indexOf(current) : -1;
    const next = at < 0 ? all.at(step === 1 ? 0 : -1) : all[at + step];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
    if (peek !== null && next?.dataset.session) onPeek(next.dataset.session);
  };
  useShortcut('j', 'Next session', GROUP, () => move(1));
  useShortcut('k', 'Previous session', GROUP, () => move(-1));
  useShortcut('p', 'Peek at the session', GROUP, () => {
    const id = focused()?.dataset.session ?? null;
    onPeek(id === peek ? null : id);
  });
  useShortcut('Escape', 'Close the peek', GROUP, () => onPeek(null));
  useShortcut('/', 'Search sessions', GROUP, () => searchInput.current?.focus());
}
