const ONE_LINE_MAX_CHARS = 160;
const VALUE_MAX_CHARS = 80;
/** Says what is looked at; shown first and without its key. */
const SUBJECT_KEYS = ['name', 'pod', 'query', 'path', 'url', 'command', 'resource', 'kind'];
/** Says where; shown after the subject, without its key. */
const PLACE_KEYS = ['namespace', 'cluster', 'context'];

/**
 * The arguments of a tool call in one readable line: what it looks at, where, then the rest as `key=value`; flags by
 * their name alone. `{namespace: "shop", name: "checkout", previous: true}` reads `checkout · shop · previous`.
 */
export function describeArguments(args: Readonly<Record<string, unknown>>): string {
  const shown = (key: string) => formatValue(args[key]);
  const bare = [...SUBJECT_KEYS, ...PLACE_KEYS].filter((key) => isBare(args[key]));
  const rest = Object.keys(args)
    .filter((key) => !bare.includes(key))
    .flatMap((key) => {
      const value = args[key];
      if (value === undefined || value === null || value === '') return [];
      if (value === true) return [key];
      return [`${key}=${shown(key)}`];
    });
  return cut([...bare.map(shown), ...rest].join(' · '), ONE_LINE_MAX_CHARS);
}

const isBare = (value: unknown): boolean => typeof value === 'string' && value !== '';

function formatValue(value: unknown): string {
  if (typeof value === 'string') return cut(value.replace(/\s+/g, ' ').trim(), VALUE_MAX_CHARS);
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object')) {
    return cut(value.join(','), VALUE_MAX_CHARS);
  }
  return cut(JSON.stringify(value) ?? '', VALUE_MAX_CHARS);
}

const cut = (text: string, max: number): string => (text.length > max ? `${text.slice(0, max - 1)}…` : text);
