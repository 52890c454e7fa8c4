'use client';
import { useShortcut } from '#src/components/shortcuts/shortcut-provider.tsx';

const GROUP = 'Session';

type Actions = {
  move: (step: 1 | -1) => void;
  open: () => void;
  close: () => void;
  inspector: () => void;
  toggle: () => void;
  follow: () => void;
  search: () => void;
  toAnswer: () => void;
  trace: () => void;
};

/** The keyboard path of the session page. */
export function useTimelineKeys(actions: Actions): void {
  useShortcut('j', 'Next entry', GROUP, () => actions.move(1));
  useShortcut('k', 'Previous entry', GROUP, () => actions.move(-1));
  useShortcut('Enter', 'Inspect the entry', GROUP, actions.open);
  useShortcut('i', 'Into the inspector', GROUP, actions.inspector);
  useShortcut('x', 'Close the inspector', GROUP, actions.close);
  useShortcut('Escape', 'Close the inspector', GROUP, actions.close);
  useShortcut('e', 'Unfold or fold the entry', GROUP, actions.toggle);
  useShortcut('f', 'Follow live', GROUP, actions.follow);
  useShortcut('/', 'Search in this session', GROUP, actions.search);
  useShortcut('g', 'To the answer, at the top', GROUP, actions.toAnswer);
  useShortcut('t', 'Open the trace', GROUP, actions.trace);
}
