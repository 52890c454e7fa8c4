import { z } from 'zod';
import type { KindMap } from '../kinds/schema.ts';

/** Cells that take more than one expression. */

export function ingressHosts(object: KindMap['ingresses']): string {
  const rules = object.spec?.rules;
  if (!Array.isArray(rules)) return '*';
  return rules
    .map((rule) => (typeof rule === 'object' && rule !== null && 'host' in rule ? String(rule.host) : '*'))
    .join(',');
}

export function podSelectorText(object: KindMap['networkpolicies']): string {
  const selector = object.spec?.podSelector;
  const labels =
    typeof selector === 'object' && selector !== null && 'matchLabels' in selector
      ? selector.matchLabels
      : undefined;
  if (typeof labels !== 'object' || labels === null) return '<none>';
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(',');
}

/** What a horizontal autoscaler sees against what it aims at, for resource metrics. */
export function scalerTargets(object: KindMap['horizontalpodautoscalers']): string {
  const metrics = metricList.safeParse({ wanted: object.spec.metrics, seen: object.status?.currentMetrics });
  if (!metrics.success) return '<unknown>';
  const texts = metrics.data.wanted.map(({ resource }) => {
    const seen = metrics.data.seen.find((entry) => entry.resource.name === resource.name)?.resource.current;
    const current = seen?.averageUtilization;
    return `${resource.name}: ${current === undefined ? '<unknown>' : `${current}%`}/${resource.target?.averageUtilization}%`;
  });
  return texts.join(', ') || '<none>';
}

const utilization = z.looseObject({ averageUtilization: z.number().optional() });
const metricList = z.object({
  wanted: z
    .array(z.looseObject({ resource: z.looseObject({ name: z.string(), target: utilization.optional() }) }))
    .default([]),
  seen: z
    .array(z.looseObject({ resource: z.looseObject({ name: z.string(), current: utilization.optional() }) }))
    .default([]),
});

export function ingressAddresses(object: KindMap['ingresses']): string {
  const parsed = loadBalancer.safeParse(object.status);
  if (!parsed.success) return '';
  return parsed.data.loadBalancer.ingress.map((entry) => entry.ip ?? entry.hostname ?? '').join(',');
}

const loadBalancer = z.looseObject({
  loadBalancer: z.looseObject({
    ingress: z
      .array(z.looseObject({ ip: z.string().optional(), hostname: z.string().optional() }))
      .default([]),
  }),
});

export function quotaUse(object: KindMap['resourcequotas']): string {
  const parsed = quotaStatus.safeParse(object.status);
  if (!parsed.success) return '';
  const { hard, used } = parsed.data;
  return Object.entries(hard)
    .map(([name, limit]) => `${name}: ${used[name] ?? '0'}/${limit}`)
    .join(', ');
}

const quotaStatus = z.looseObject({
  hard: z.record(z.string(), z.string()),
  used: z.record(z.string(), z.string()),
});
