'use client';
import { Fragment, useEffect } from 'react';
import { listPlaceholders, revealParts } from '#src/lib/identifier-placeholders.ts';
import { useNames } from './names-context.ts';

/** A name that the model did not see, marked as such. Its text is text, whatever it holds. */
export function Name({ placeholder }: { placeholder: string }) {
  const { nameOf } = useNames();
  const name = nameOf(placeholder);
  if (name === undefined) return placeholder;
  return (
    <span
      data-placeholder={placeholder}
      title={`hidden from the model as ${placeholder}`}
      className="border-accent/50 border-b border-dotted"
    >
      {name}
    </span>
  );
}

/** Plain text with names in the places of placeholders. */
export function Names({ children: text }: { children: string }) {
  const { nameOf } = useNames();
  useMissedNames(text);
  if (!text.includes('[')) return text;
  return revealParts(text, nameOf).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text have no other identity.
    <Fragment key={index}>
      {part.placeholder === null ? part.text : <Name placeholder={part.placeholder} />}
    </Fragment>
  ));
}

/** Asks for names that a text needs and nobody here knows yet. */
export function useMissedNames(text: string): void {
  const { nameOf, miss } = useNames();
  useEffect(() => {
    if (!text.includes('[')) return;
    const unknown = listPlaceholders(text).filter((placeholder) => nameOf(placeholder) === undefined);
    if (unknown.length > 0) miss(unknown);
  }, [text, nameOf, miss]);
}
