const MAX_CHARS = 200;

/**
 * Whether a text names a runbook of the installation itself: the path of a Markdown file below `runbooks/` of the
 * configuration directory, without a step upwards and without hidden files.
 */
export function isRunbookName(text: string): boolean {
  if (text.length > MAX_CHARS || !isMarkdownFile(text)) return false;
  return text.split('/').every((part) => /^[\p{L}\p{N}_][\p{L}\p{N}_ .-]*$/u.test(part));
}

/** By its name; anything else beside a runbook (pictures, scripts) is not offered. */
export const isMarkdownFile = (name: string): boolean => /\.(md|markdown)$/i.test(name);
