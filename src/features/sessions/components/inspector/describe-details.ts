import { formatDuration } from '#src/lib/format-duration.ts';

/** What else is known of an entry, as names and values in words: `retryInMs: 2000` is "Retry in: 2.0 s". */
export function describeDetails(data: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.entries(data).flatMap(([key, value]) => {
    if (value === null || value === undefined || value === '') return [];
    if (typeof value === 'number' && /Ms$/.test(key)) {
      return [[nameOf(key.slice(0, -'Ms'.length)), formatDuration(value)]];
    }
    // A code; other values with underscores are names.
    if (key === 'reason' && typeof value === 'string' && /^[a-z]+(_[a-z]+)+$/.test(value))
      return [[nameOf(key), value.replaceAll('_', ' ')]];
    return [[nameOf(key), textOf(value)]];
  });
}

const nameOf = (key: string): string => {
  const words = key
    .replaceAll('_', ' ')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

function textOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
      return value ? 'yes' : 'no';
    case 'number':
      return value.toLocaleString('en-GB');
    default:
      return Array.isArray(value) && value.every((each) => typeof each !== 'object')
        ? value.join(', ')
        : JSON.stringify(value);
  }
}
