import type { KubeObject, LabelSelector } from './kinds/schema.ts';

type Labels = Record<string, string> | null | undefined;

/** Whether labels satisfy a `LabelSelector`; an absent selector matches nothing, an empty one everything. */
export function matchesSelector(selector: LabelSelector | null | undefined, labels: Labels): boolean {
  if (!selector) return false;
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    if (labels?.[key] !== value) return false;
  }
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    const value = labels?.[key];
    const among = value !== undefined && (values ?? []).includes(value);
    if (operator === 'In' && !among) return false;
    if (operator === 'NotIn' && among) return false;
    if (operator === 'Exists' && value === undefined) return false;
    if (operator === 'DoesNotExist' && value !== undefined) return false;
  }
  return true;
}

/** Whether labels contain all of `wanted`; an empty or absent map matches nothing (as for Services). */
export function matchesLabels(wanted: Labels, labels: Labels): boolean {
  const entries = Object.entries(wanted ?? {});
  return entries.length > 0 && entries.every(([key, value]) => labels?.[key] === value);
}

/** A malformed selector in a query; the edge answers 400. */
export class SelectorError extends Error {}

type Predicate = (labels: Labels) => boolean;

/**
 * Parses `labelSelector` query syntax: `a=b,c!=d,e in (f,g),h notin (i),j,!k`.
 * @throws SelectorError
 */
export function parseLabelSelector(text: string): Predicate {
  const terms = text
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter(Boolean);
  const predicates = terms.map(parseLabelTerm);
  return (labels) => predicates.every((predicate) => predicate(labels));
}

function parseLabelTerm(term: string): Predicate {
  const set = /^([\w./-]+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(term);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    if (operator === 'in') return (labels) => values.includes(labels?.[key] ?? '\0');
    return (labels) => !values.includes(labels?.[key] ?? '\0');
  }
  const equality = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/.exec(term);
  if (equality) {
    const [, key = '', operator, value] = equality;
    if (operator === '!=') return (labels) => labels?.[key] !== value;
    return (labels) => labels?.[key] === value;
  }
  const exists = /^(!?)\s*([\w./-]+)$/.exec(term);
  if (exists) {
    const [, not, key = ''] = exists;
    return (labels) => (labels?.[key] === undefined) === (not === '!');
  }
  throw new SelectorError(`unable to parse requirement: invalid selector "${term}"`);
}

/** Fields an object can be selected by; anything that resolves to a scalar is accepted, as is its absence. */
export function fieldValue(object: KubeObject, path: string): string {
  const aliases: Record<string, string> = {
    source: 'source.component',
    'regarding.name': 'involvedObject.name',
  };
  const renamed = aliases[path] ?? path.replace(/^regarding\./, 'involvedObject.');
  let value: unknown = object;
  for (const part of renamed.split('.')) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined;
  }
  if (value === undefined || value === null) return renamed === 'spec.unschedulable' ? 'false' : '';
  return typeof value === 'object' ? '' : String(value);
}

/** Parses `fieldSelector` query syntax: `a.b=c,d!=e`. @throws SelectorError */
export function parseFieldSelector(text: string): (object: KubeObject) => boolean {
  const terms = text
    .split(',')
    .map((term) => term.trim())
    .filter(Boolean);
  const predicates = terms.map((term) => {
    const match = /^([\w.-]+)(==|=|!=)(.*)$/.exec(term);
    if (!match) throw new SelectorError(`invalid field selector "${term}"`);
    const [, path = '', operator, value] = match;
    return (object: KubeObject) => (fieldValue(object, path) === value) === (operator !== '!=');
  });
  return (object) => predicates.every((predicate) => predicate(object));
}
