/**
 * Kubernetes name syntax. Everything the analyst takes from alerts and tool results passes these checks before
 * it becomes part of a tool call, so text inside them can name an object and do nothing else.
 */

const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** True for a valid object name (RFC 1123 subdomain, at most 253 characters). */
export function isObjectName(value: string): boolean {
  return DNS_SUBDOMAIN.test(value) && !value.includes('..');
}

/** True for a valid namespace, Service or container name (RFC 1123 label, at most 63 characters). */
export function isLabelName(value: string): boolean {
  return DNS_LABEL.test(value);
}

/** The name of the workload that a pod name was generated from: `web-5d4f8c7b9-x2x7k` → `web`, `db-0` → `db`. */
export function workloadOfPodName(pod: string): string {
  // A template hash has a digit or no vowel; a word like `controller` is part of the name.
  const generated = pod.match(/^(.+?)-(?=[a-z]*\d|[^aeiou-]+-)[a-z0-9]{6,10}-[a-z0-9]{5}$/);
  if (generated?.[1] !== undefined) return generated[1];
  const simple = pod.match(/^(.+)-(?:[bcdfghjklmnpqrstvwxz2456789]{5}|\d{1,4})$/);
  return simple?.[1] ?? pod;
}
