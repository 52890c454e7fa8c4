const MEMORY_UNITS: Record<string, number> = {
  '': 1,
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
  Pi: 1024 ** 5,
  m: 1e-3,
};

/** Bytes of a Kubernetes memory quantity (`256Mi`, `1G`, `134217728`), or undefined when it is none. */
export function parseMemoryBytes(text: string): number | undefined {
  const match = text.trim().match(/^(\d+(?:\.\d+)?)(Ki|Mi|Gi|Ti|Pi|k|K|M|G|T|P|m)?B?$/);
  const factor = match ? MEMORY_UNITS[match[2] ?? ''] : undefined;
  return match && factor !== undefined ? Number(match[1]) * factor : undefined;
}

/** Millicores of a Kubernetes CPU quantity (`250m`, `2`, `0.5`), or undefined when it is none. */
export function parseCpuMillis(text: string): number | undefined {
  const match = text.trim().match(/^(\d+(?:\.\d+)?)(m|n|u)?$/);
  if (!match) return undefined;
  const value = Number(match[1]);
  switch (match[2]) {
    case 'm':
      return value;
    case 'u':
      return value / 1e3;
    case 'n':
      return value / 1e6;
    default:
      return value * 1000;
  }
}

/** Bytes in the largest binary unit that keeps the number readable: `268435456` → `256Mi`. */
export function formatBytes(bytes: number): string {
  if (bytes >= 1024 ** 3) return `${Math.round((bytes / 1024 ** 3) * 10) / 10}Gi`;
  if (bytes >= 1024 ** 2) return `${Math.round(bytes / 1024 ** 2)}Mi`;
  return `${Math.round(bytes / 1024)}Ki`;
}
