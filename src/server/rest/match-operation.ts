import type { Operation } from './define-operation.ts';

export type Match =
  | { kind: 'operation'; operation: Operation; params: Record<string, string> }
  | { kind: 'wrong_method'; allow: string[] }
  | { kind: 'unknown' };

export type Matcher = (method: string, path: string) => Match;

type Route = { operation: Operation; segments: string[]; literals: number };

/**
 * Builds the router of a registry. Literal segments win over parameters (`/sessions/active` over `/sessions/{id}`).
 * Throws when two operations claim the same method and path.
 */
export function createMatcher(operations: readonly Operation[]): Matcher {
  const bySize = new Map<number, Route[]>();
  const claimed = new Set<string>();
  for (const operation of operations) {
    const segments = splitPath(operation.path);
    const claim = `${operation.method} ${segments.map((segment) => (isParameter(segment) ? '{}' : segment)).join('/')}`;
    if (claimed.has(claim)) throw new Error(`two operations answer ${claim}`);
    claimed.add(claim);
    const literals = segments.filter((segment) => !isParameter(segment)).length;
    const routes = bySize.get(segments.length) ?? [];
    routes.push({ operation, segments, literals });
    bySize.set(segments.length, routes);
  }
  for (const routes of bySize.values()) routes.sort((a, b) => b.literals - a.literals);

  return (method, path) => {
    const given = splitPath(path);
    const wanted = method === 'HEAD' ? 'get' : method.toLowerCase();
    const allow = new Set<string>();
    for (const route of bySize.get(given.length) ?? []) {
      const params = matchSegments(route.segments, given);
      if (!params) continue;
      if (route.operation.method === wanted) return { kind: 'operation', operation: route.operation, params };
      allow.add(route.operation.method.toUpperCase());
      if (route.operation.method === 'get') allow.add('HEAD');
    }
    return allow.size > 0 ? { kind: 'wrong_method', allow: [...allow].sort() } : { kind: 'unknown' };
  };
}

const splitPath = (path: string): string[] => path.split('/').filter(Boolean);
const isParameter = (segment: string): boolean => segment.startsWith('{');

function matchSegments(pattern: string[], given: string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, segment] of pattern.entries()) {
    const value = given[index] ?? '';
    if (!isParameter(segment)) {
      if (segment !== value) return undefined;
      continue;
    }
    try {
      params[segment.slice(1, -1)] = decodeURIComponent(value);
    } catch {
      return undefined;
    }
  }
  return params;
}
