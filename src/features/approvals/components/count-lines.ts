/** A call of more lines or characters than this hides the other requests of an inbox. */
const LONG_LINES = 16;
const LONG_CHARS = 1_200;

/** How many lines the arguments of a call have where they are long; null where they can be read at a glance. */
export function countLongLines(args: Readonly<Record<string, unknown>>): number | null {
  const texts = Object.values(args).map((value) =>
    typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? ''),
  );
  const lines = texts.reduce((sum, text) => sum + text.split('\n').length, 0);
  const chars = texts.reduce((sum, text) => sum + text.length, 0);
  return lines > LONG_LINES || chars > LONG_CHARS ? lines : null;
}
