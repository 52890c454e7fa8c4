import { formatQuantity } from '#src/lib/format-number.ts';

/** Looked at for a preview; a result may be long and there are many on a page. */
const SCAN_CHARS = 4_000;
const LINE_MAX_CHARS = 300;
const TROUBLE =
  /\b(fatal|panic|error|exception|failed|oomkilled|\w*backoff|killed|evicted|denied|refused|missing|not found|unhealthy)\b/i;
/** Says nothing about what was found: comments, and how a Kubernetes object begins. */
const OPENING = /^\s*(#|---|apiVersion:)/;

/** One telling line of a tool's result: the first that speaks of trouble, else the first with content; and how many there are. */
export function previewResult(text: string): string {
  const lines = text
    .slice(0, SCAN_CHARS)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !OPENING.test(line));
  const line = (lines.find((each) => TROUBLE.test(each)) ?? lines[0] ?? text.trim()).slice(0, LINE_MAX_CHARS);
  if (text.length > SCAN_CHARS || lines.length < 2) return line;
  return `${line}  · ${formatQuantity(lines.length, 'line')}`;
}
