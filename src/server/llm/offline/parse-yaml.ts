import { parseDocument } from 'yaml';
import { isRecord, list } from './json-access.ts';

/** A masked value such as `[MASKED_TOKEN]` would read as a YAML list; it is protected while parsing. */
const MASK = /\[(MASKED_[A-Z0-9_]+)\]/g;
const PROTECTED = /⟦(MASKED_[A-Z0-9_]+)⟧/g;

/**
 * Reads the objects in YAML or JSON text: one object, a list of objects, `kind: List`, or several documents.
 * Cut or damaged text gives what could be read; it never throws. Comment lines (`# …`) are ignored.
 */
export function parseObjects(text: string): Record<string, unknown>[] {
  const prepared = text.replace(MASK, '⟦$1⟧');
  return splitDocuments(prepared).flatMap((part) => flatten(parseOne(part)));
}

function splitDocuments(text: string): string[] {
  const documents = text.split(/^---\s*$/m);
  return documents.flatMap((document) => {
    const body = document.trim();
    if (body === '') return [];
    // Items of a top-level list are parsed one by one, so that a damaged one does not spoil the others.
    const items = document.split(/^(?=- )/m).filter((item) => item.startsWith('- '));
    return items.length > 1 ? items : [document];
  });
}

function parseOne(text: string): unknown {
  try {
    const document = parseDocument(text, { strict: false, uniqueKeys: false, logLevel: 'silent' });
    const value: unknown = document.toJS({ maxAliasCount: 50 });
    return restoreMasks(value);
  } catch {
    return undefined;
  }
}

function flatten(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.filter(isRecord);
  if (!isRecord(value)) return [];
  const items = list(value, 'items');
  return items.length > 0 ? items.filter(isRecord) : [value];
}

function restoreMasks(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(PROTECTED, '[$1]');
  if (Array.isArray(value)) return value.map(restoreMasks);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.replace(PROTECTED, '[$1]'), restoreMasks(inner)]),
  );
}
