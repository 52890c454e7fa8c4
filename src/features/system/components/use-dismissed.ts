'use client';
import { useSyncExternalStore } from 'react';
import { z } from 'zod';
import type { Dismissed } from './decide-notices.ts';

const STORAGE_KEY = 'tars.dismissed-warnings';
const nothing: Dismissed = {};
const schema = z.record(z.string(), z.string()).catch(nothing);

let cached: { text: string | null; value: Dismissed } = { text: null, value: nothing };
const listeners = new Set<() => void>();

function read(): Dismissed {
  const text = readText();
  if (text !== cached.text) cached = { text, value: parse(text) };
  return cached.value;
}

/** A browser may refuse its storage; nothing is dismissed for long then. */
function readText(): string | null {
  try {
    return window.localStorage.getItem(STORAGE_KEY);
  } catch {
    return cached.text;
  }
}

function parse(text: string | null): Dismissed {
  try {
    return schema.parse(text === null ? nothing : JSON.parse(text));
  } catch {
    return nothing;
  }
}

function write(dismissed: Dismissed): void {
  const text = JSON.stringify(dismissed);
  cached = { text, value: dismissed };
  try {
    window.localStorage.setItem(STORAGE_KEY, text);
  } catch {
    // Kept in memory, see above.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}

/** The warnings that this browser's reader has dismissed; the same in all its tabs. */
export function useDismissed(): [Dismissed, (dismissed: Dismissed) => void] {
  return [useSyncExternalStore(subscribe, read, () => nothing), write];
}
