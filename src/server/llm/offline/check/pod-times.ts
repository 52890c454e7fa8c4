import type { PodFact } from '../facts.ts';

/** RESTARTS (and how long ago) and AGE of the line that a list prints for a pod. */
const TIMES = /\s\d+\/\d+\s+\S+\s+\d+(?:\s\((\S+) ago\))?\s+(\d+[smhdy]\S*)/;

/** Seconds since the last restart and since the creation; null where the list does not say. */
export function timesOf(pod: PodFact): { restartedS: number | null; ageS: number | null } {
  const [, restarted, age] = TIMES.exec(pod.quote) ?? [];
  return { restartedS: secondsOf(restarted), ageS: secondsOf(age) };
}

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400, y: 31_536_000 };

/** Of `3m12s`, `2d4h`. */
function secondsOf(text: string | undefined): number | null {
  const parts = [...(text ?? '').matchAll(/(\d+)([smhdy])/g)];
  if (parts.length === 0) return null;
  return parts.reduce((sum, [, amount, unit = 's']) => sum + Number(amount) * (UNITS[unit] ?? 0), 0);
}
