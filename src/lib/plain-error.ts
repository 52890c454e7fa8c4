/** Where bodies of failed requests carry the sentence for people, nearest first. */
const MESSAGE_PATHS = [['error', 'message'], ['message'], ['detail'], ['error']] as const;

/**
 * An error text for reading: a JSON body at its end gives way to the sentence in it. What holds no such sentence stays as
 * it is; the whole text belongs into a detail view.
 */
export function plainError(text: string): string {
  const start = text.indexOf('{');
  if (start < 0) return text;
  const message = readMessage(text.slice(start));
  if (!message) return text;
  const before = text
    .slice(0, start)
    .trim()
    .replace(/[:,-]$/, '')
    .trim();
  if (before.includes(message)) return before;
  return before ? `${before}: ${message}` : message;
}

function readMessage(json: string): string | null {
  let body: unknown;
  try {
    body = JSON.parse(json);
  } catch {
    return null;
  }
  for (const path of MESSAGE_PATHS) {
    const found = path.reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
      body,
    );
    if (typeof found === 'string' && found.trim()) return found.trim();
  }
  return null;
}
