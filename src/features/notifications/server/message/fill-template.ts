import { PLACEHOLDER } from '#src/server/config/schema-notifications.ts';

/** Ready Slack text: escaped. Long ones give way when the message becomes too long. */
export type PlaceholderValues = Readonly<Record<string, string>>;

/** Placeholders of any length, the first to be cut first. */
const LONG = ['summary', 'why', 'title'] as const;
const CUT = ' …';

/**
 * Fills `{{name}}` in a template. The result has at most `maxChars` characters: long values are cut, never the link; what a
 * template itself has too much is cut at the end. A placeholder without a value is empty, and no value is filled again.
 */
export function fillTemplate(
  template: string,
  options: { values: PlaceholderValues; maxChars: number },
): string {
  const values = { ...options.values };
  for (const name of LONG) {
    const excess = fill(template, values).length - options.maxChars;
    if (excess <= 0) break;
    const uses = [...template.matchAll(PLACEHOLDER)].filter((match) => match[1] === name).length;
    const value = values[name];
    if (uses === 0 || value === undefined) continue;
    values[name] = cutEscaped(value, value.length - Math.ceil(excess / uses));
  }
  const text = fill(template, values);
  return text.length > options.maxChars ? cutEscaped(text, options.maxChars) : text;
}

const fill = (template: string, values: PlaceholderValues): string =>
  template
    .replace(PLACEHOLDER, (_match, name: string) => values[name] ?? '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

/** At most `maxChars`, cut outside of an entity and of a surrogate pair, and marked as cut. */
export function cutEscaped(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const head = text.slice(0, Math.max(0, maxChars - CUT.length)).replace(/&[a-z]{0,3}$|[\ud800-\udbff]$/, '');
  return `${head.trimEnd()}${CUT}`.slice(0, Math.max(0, maxChars));
}
