/** The last line of an action agent's answer: YES or NO; null when it says neither. */
export function saysChanged(result: string): boolean | null {
  const last = result
    .trimEnd()
    .split('\n')
    .at(-1)
    ?.replaceAll(/[\s*_`.]/g, '')
    .toUpperCase();
  return last === 'YES' ? true : last === 'NO' ? false : null;
}

/** The answer without that line. */
export function withoutVerdict(result: string): string {
  if (saysChanged(result) === null) return result;
  return result.trimEnd().split('\n').slice(0, -1).join('\n').trimEnd();
}
