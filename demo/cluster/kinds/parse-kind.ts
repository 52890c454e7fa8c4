import { type KindMap, kindSchemas, type Resource } from './schema.ts';

export type ParsedKind<K extends Resource> =
  | { ok: true; object: KindMap[K] }
  | { ok: false; issues: { path: string; message: string }[] };

/** Validates any value as an object of a resource. */
export function safeParseKind<K extends Resource>(resource: K, value: unknown): ParsedKind<K> {
  const parsed = kindSchemas[resource].safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => ({
      path: issue.path.join('.'),
      message: issue.message,
    }));
    return { ok: false, issues };
  }
  // KindMap is defined as what these schemas give; TypeScript cannot follow that through the generic index.
  return { ok: true, object: parsed.data as KindMap[K] };
}

/** Same for values this program wrote itself. @throws Error naming what is wrong */
export function parseKind<K extends Resource>(resource: K, value: unknown): KindMap[K] {
  const parsed = safeParseKind(resource, value);
  if (parsed.ok) return parsed.object;
  throw new Error(
    `invalid ${resource}: ${parsed.issues.map(({ path, message }) => `${path}: ${message}`).join(', ')}`,
  );
}
