import { z } from 'zod';
import { configSchema } from './schema.ts';

/** Strips `optional`, `default`, `prefault`, `preprocess` and the like down to the schema that holds the shape. */
function unwrap(schema: unknown): unknown {
  let current = schema;
  for (let depth = 0; depth < 20; depth++) {
    if (current instanceof z.ZodOptional || current instanceof z.ZodNullable) current = current.unwrap();
    else if (current instanceof z.ZodDefault || current instanceof z.ZodPrefault) current = current.unwrap();
    else if (current instanceof z.ZodPipe)
      current = current.in instanceof z.ZodTransform ? current.out : current.in;
    else return current;
  }
  return current;
}

function optionsOf(schema: unknown): unknown[] {
  const inner = unwrap(schema);
  return inner instanceof z.ZodDiscriminatedUnion || inner instanceof z.ZodUnion
    ? [...inner.options]
    : [inner];
}

function shapeOf(schema: unknown): Readonly<Record<string, unknown>> | null {
  const inner = unwrap(schema);
  return inner instanceof z.ZodObject ? inner.shape : null;
}

function childSchemas(schema: unknown, part: string | number): unknown[] {
  return optionsOf(schema).flatMap((option) => {
    const inner = unwrap(option);
    if (inner instanceof z.ZodRecord) return [inner.valueType];
    if (inner instanceof z.ZodArray) return [inner.element];
    const child = shapeOf(inner)?.[String(part)];
    return child === undefined ? [] : [child];
  });
}

type ConfigPath = readonly (string | number)[];

const schemasAt = (path: ConfigPath): unknown[] =>
  path.reduce<unknown[]>(
    (schemas, part) => schemas.flatMap((schema) => childSchemas(schema, part)),
    [configSchema],
  );

/** What every duration is tried with: what reads this as a minute is one. */
const A_MINUTE = { text: '1m', ms: 60_000 };

/** Whether the number at a path of the parsed configuration is a duration, which stands in the file as text. */
export const isDurationAt = (path: ConfigPath): boolean =>
  schemasAt(path).some(
    (schema) => schema instanceof z.ZodType && schema.safeParse(A_MINUTE.text).data === A_MINUTE.ms,
  );

/** The keys that may stand at a path of the configuration (all alternatives together); empty below a scalar. */
export function validKeysAt(path: ConfigPath): string[] {
  const keys = schemasAt(path)
    .flatMap(optionsOf)
    .flatMap((option) => Object.keys(shapeOf(option) ?? {}));
  return [...new Set(keys)];
}

/**
 * Every key of the configuration as documented: `queue.sessionTimeout`, `llmProviders.<name>.type`,
 * `chains.<name>.stages[].agents[].name`. Objects that only group others are not listed themselves.
 */
export function listConfigKeys(): string[] {
  const keys = new Set<string>();
  const visit = (schema: unknown, prefix: string): void => {
    for (const option of optionsOf(schema)) {
      const inner = unwrap(option);
      const shape = shapeOf(inner);
      // Stands only to say why it may not be there.
      if (inner instanceof z.ZodNever) continue;
      if (shape !== null) {
        for (const [key, child] of Object.entries(shape))
          visit(child, prefix === '' ? key : `${prefix}.${key}`);
      } else if (inner instanceof z.ZodRecord) visit(inner.valueType, `${prefix}.<name>`);
      else if (inner instanceof z.ZodArray) visit(inner.element, `${prefix}[]`);
      else keys.add(prefix);
    }
  };
  visit(configSchema, '');
  return [...keys].sort();
}
