import { expect, test } from 'vitest';
import { keyName, matchShortcut } from './match-shortcut.ts';

const press = (
  key: string,
  more: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {},
) => keyName({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

test('keys are named as shortcuts spell them', () => {
  expect(press('j')).toBe('j');
  expect(press('?', { shiftKey: true })).toBe('?');
  expect(press('K', { metaKey: true })).toBe('mod+k');
  expect(press('k', { ctrlKey: true })).toBe('mod+k');
  expect(press(' ')).toBe('Space');
});

test('modifiers alone and the browser’s own combinations are left alone', () => {
  expect(press('Shift', { shiftKey: true })).toBeNull();
  expect(press('ArrowLeft', { altKey: true })).toBeNull();
  expect(press('I', { ctrlKey: true, shiftKey: true })).toBeNull();
});

const known = ['j', 'g s', 'g y', 'mod+k'];

test('a single key runs', () => {
  expect(matchShortcut('', 'j', known)).toEqual({ kind: 'run', keys: 'j' });
});

test('a sequence waits for its second key', () => {
  expect(matchShortcut('', 'g', known)).toEqual({ kind: 'wait', pending: 'g' });
  expect(matchShortcut('g', 's', known)).toEqual({ kind: 'run', keys: 'g s' });
});

test('a key that does not continue the sequence counts on its own', () => {
  expect(matchShortcut('g', 'j', known)).toEqual({ kind: 'run', keys: 'j' });
  expect(matchShortcut('g', 'x', known)).toEqual({ kind: 'none' });
});
