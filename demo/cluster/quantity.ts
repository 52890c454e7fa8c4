const FACTORS: Record<string, number> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
  Pi: 1024 ** 5,
};

/** Value of a Kubernetes quantity (`250m` → 0.25, `64Mi` → bytes); undefined when it is not one. */
export function parseQuantity(text: string | number | undefined): number | undefined {
  if (typeof text === 'number') return text;
  if (text === undefined) return undefined;
  const match = /^([+-]?\d+(?:\.\d+)?)(?:e(\d+))?([a-zA-Z]*)$/.exec(text.trim());
  if (!match) return undefined;
  const factor = FACTORS[match[3] ?? ''];
  return factor === undefined ? undefined : Number(match[1]) * 10 ** Number(match[2] ?? 0) * factor;
}

/** Bytes as the Ki the metrics API and the kubelet's eviction messages use. */
export function formatKi(bytes: number): string {
  return `${Math.max(0, Math.round(bytes / 1024))}Ki`;
}

/** Cores as the nanocores the metrics API uses. */
export function formatNanocores(cores: number): string {
  return `${Math.round(cores * 1e9)}n`;
}
