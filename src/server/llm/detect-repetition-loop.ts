import {
  LOOP_CHECK_EVERY_CHARS,
  LOOP_MAX_UNIT_CHARS,
  LOOP_MIN_REPEATS,
  LOOP_MIN_UNIT_CHARS,
  LOOP_TAIL_CHARS,
} from './tunables.ts';

/**
 * Finds a model that repeats itself without end: the text ends in at least `LOOP_MIN_REPEATS` copies of one unit.
 * Looks at the last `LOOP_TAIL_CHARS` only: O(tail × units) in the worst case, a few million comparisons.
 *
 * @returns index at which the second copy begins (the text before it holds the unit once), or null
 */
export function findRepetitionLoop(text: string): number | null {
  const tail = text.slice(-LOOP_TAIL_CHARS);
  const offset = text.length - tail.length;
  for (let unit = LOOP_MIN_UNIT_CHARS; unit <= LOOP_MAX_UNIT_CHARS; unit += 1) {
    const repeated = countPeriodicSuffix(tail, unit);
    if (repeated < unit * (LOOP_MIN_REPEATS - 1)) continue;
    if (isUniform(tail.slice(-unit))) continue;
    return offset + tail.length - repeated;
  }
  return null;
}

/** How many characters at the end equal the character one period earlier. */
function countPeriodicSuffix(text: string, period: number): number {
  let count = 0;
  for (let at = text.length - 1; at >= period && text[at] === text[at - period]; at -= 1) count += 1;
  return count;
}

/** Rules, padding and progress bars repeat one or two characters and are not a loop. */
function isUniform(unit: string): boolean {
  return new Set(unit.replace(/\s/g, '')).size <= 2;
}

/** Watches a growing text and looks for a loop every `LOOP_CHECK_EVERY_CHARS`. */
export function createLoopWatcher(): (text: string) => number | null {
  let checkedLength = 0;
  return (text) => {
    if (text.length - checkedLength < LOOP_CHECK_EVERY_CHARS) return null;
    checkedLength = text.length;
    return findRepetitionLoop(text);
  };
}
