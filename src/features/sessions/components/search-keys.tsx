'use client';
import { useShortcut } from '#src/components/shortcuts/shortcut-provider.tsx';

/** From match to match while a search is open. */
export function SearchKeys({ onStep }: { onStep: (step: 1 | -1) => void }) {
  useShortcut('n', 'Next match', 'Session', () => onStep(1));
  useShortcut('N', 'Previous match', 'Session', () => onStep(-1));
  return null;
}
