'use client';
import { createContext, use } from 'react';
import { revealText } from '#src/lib/identifier-placeholders.ts';

/** What stands behind the placeholders of a session's texts, for its readers. */
export type NamesContextValue = {
  /** Undefined where nothing is known, or where the text is to be seen as the model saw it. */
  nameOf(placeholder: string): string | undefined;
  /** Tells of placeholders that were met and are not known: perhaps there is news. */
  miss(placeholders: readonly string[]): void;
  /** Null where the text holds no placeholders: then there is nothing to switch. */
  switch: { asModel: boolean; set(asModel: boolean): void } | null;
};

export const NO_NAMES: NamesContextValue = { nameOf: () => undefined, miss: () => undefined, switch: null };

export const NamesContext = createContext<NamesContextValue>(NO_NAMES);

export const useNames = (): NamesContextValue => use(NamesContext);

/** For texts that cannot carry a mark: what is copied, tooltips, the title of the page. */
export function useReveal(): (text: string) => string {
  const { nameOf } = useNames();
  return (text) => revealText(text, nameOf);
}
