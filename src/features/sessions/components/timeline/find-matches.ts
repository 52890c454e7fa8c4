import type { TimelineItem } from '../../schema.ts';

const texts = new WeakMap<TimelineItem, string>();

/** Everything of an item that a person may look for: its text, and a tool call's name, arguments, result and error. */
function searchText(item: TimelineItem): string {
  const known = texts.get(item);
  if (known !== undefined) return known;
  const { server, tool, arguments: args, result, error, refused } = item.data;
  const parts = [item.content, server, tool, args ? JSON.stringify(args) : '', result, error, refused];
  const text = parts.filter((part) => typeof part === 'string').join('\n');
  texts.set(item, text);
  return text;
}

/** Ids of the items that contain `query`, in their order. `reveal` gives the text as it is read. */
export function findMatches(
  items: readonly TimelineItem[],
  query: string,
  reveal: (text: string) => string = (text) => text,
): string[] {
  const needle = query.trim().toLowerCase();
  if (!needle) return [];
  return items.filter((item) => reveal(searchText(item)).toLowerCase().includes(needle)).map(({ id }) => id);
}

/** The match after (or before) the current one, around the end; the first when none is current. */
export function stepMatch(matches: readonly string[], current: string | null, step: 1 | -1): string | null {
  if (matches.length === 0) return null;
  const at = current === null ? -1 : matches.indexOf(current);
  if (at < 0) return matches.at(step === 1 ? 0 : -1) ?? null;
  return matches[(at + step + matches.length) % matches.length] ?? null;
}
