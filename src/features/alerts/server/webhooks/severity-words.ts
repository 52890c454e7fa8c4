/** Senders' words for how bad it is, in ours. A word that is not here is kept as it came. */
const SEVERITIES: Readonly<Record<string, string>> = {
  critical: 'critical',
  fatal: 'critical',
  emergency: 'critical',
  alert: 'critical',
  page: 'critical',
  disaster: 'critical',
  p1: 'critical',
  sev1: 'critical',
  'sev-1': 'critical',
  error: 'high',
  err: 'high',
  high: 'high',
  major: 'high',
  p2: 'high',
  sev2: 'high',
  'sev-2': 'high',
  warning: 'warning',
  warn: 'warning',
  medium: 'warning',
  moderate: 'warning',
  minor: 'warning',
  p3: 'warning',
  sev3: 'warning',
  'sev-3': 'warning',
  low: 'low',
  p4: 'low',
  sev4: 'low',
  'sev-4': 'low',
  info: 'info',
  informational: 'info',
  notice: 'info',
  debug: 'info',
  p5: 'info',
};

/** `critical | high | warning | low | info`, or the sender's own word in small letters; null for none. */
export function severityOf(word: string | null | undefined): string | null {
  const known = word?.trim().toLowerCase() ?? '';
  if (known === '') return null;
  return SEVERITIES[known] ?? known.slice(0, SEVERITY_MAX_CHARS);
}

const SEVERITY_MAX_CHARS = 50;
