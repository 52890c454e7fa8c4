import { PLACEHOLDER } from '#src/server/config/schema-notifications.ts';
import { cutText, fitRendered } from './fit-text.ts';

/** Plain text, how a platform writes it, and how long that may be at most. */
export type PlaceholderValue = { text: string; render: (text: string) => string; maxChars?: number };
export type PlaceholderValues = Readonly<Record<string, PlaceholderValue>>;

/** Placeholders of any length, the first to be cut first. */
const LONG = ['summary', 'why', 'reason', 'title'] as const;

/**
 * Fills `{{name}}` in a template. The result has at most `maxChars` characters: long values are cut, never the link; what a
 * template itself has too much is cut at the end. A placeholder without a value is empty, and no value is filled again.
 */
export function fillTemplate(
  template: string,
  options: { values: PlaceholderValues; maxChars: number },
): string {
  const { values, maxChars } = options;
  const ready = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      fitRendered(value.text, value.maxChars ?? Number.POSITIVE_INFINITY, value.render),
    ]),
  );
  for (const name of LONG) {
    const excess = fill(template, ready).length - maxChars;
    if (excess <= 0) break;
    const uses = [...template.matchAll(PLACEHOLDER)].filter((match) => match[1] === name).length;
    const [value, rendered] = [values[name], ready[name]];
    if (uses === 0 || value === undefined || rendered === undefined) continue;
    ready[name] = fitRendered(value.text, rendered.length - Math.ceil(excess / uses), value.render);
  }
  return cutText(fill(template, ready), maxChars);
}

const fill = (template: string, ready: Readonly<Record<string, string>>): string =>
  template
    .replace(PLACEHOLDER, (_match, name: string) => ready[name] ?? '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
