/** "j", "?", "g s" (one after the other), "mod+k" (Ctrl or ⌘). */
export type ShortcutKeys = string;

export type KeyPress = {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
};

/** The name of a key press as shortcuts spell it; null for modifiers alone and for combinations left to the browser. */
export function keyName(press: KeyPress): string | null {
  if (['Control', 'Meta', 'Shift', 'Alt', 'Dead'].includes(press.key)) return null;
  if (press.altKey) return null;
  if (press.ctrlKey || press.metaKey) return press.shiftKey ? null : `mod+${press.key.toLowerCase()}`;
  return press.key === ' ' ? 'Space' : press.key;
}

export type Match =
  | { kind: 'run'; keys: ShortcutKeys }
  /** The beginning of at least one shortcut: wait for the next key. */
  | { kind: 'wait'; pending: string }
  | { kind: 'none' };

/** What a key does after the keys in `pending`, given all shortcuts on the page. A key that fits nothing starts over. */
export function matchShortcut(pending: string, key: string, known: readonly ShortcutKeys[]): Match {
  const typed = pending ? `${pending} ${key}` : key;
  if (known.includes(typed)) return { kind: 'run', keys: typed };
  if (known.some((keys) => keys.startsWith(`${typed} `))) return { kind: 'wait', pending: typed };
  return pending ? matchShortcut('', key, known) : { kind: 'none' };
}
