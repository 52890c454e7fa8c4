import { z } from 'zod';
import { entriesOf, writtenNumber } from '#src/lib/lenient-json.ts';
import { readJsonObject } from '#src/lib/read-json-object.ts';
import { MEMORY_MAX_CHARS, memoryCategorySchema, memoryValenceSchema } from '../schema.ts';
import { REFLECTION_CREATES_MAX } from './tunables.ts';
import type { MemoryDraft } from './write-memories.ts';

/** What a reflection changes. Ids are those of known memories; unknown ones change nothing. */
export type Lessons = {
  create: MemoryDraft[];
  reinforce: string[];
  deprecate: { id: string; why: string }[];
};

const DEFAULT_CONFIDENCE = 0.6;

const createSchema = z.object({
  content: z
    .string()
    .trim()
    .min(3)
    .transform((text) => text.slice(0, MEMORY_MAX_CHARS)),
  category: memoryCategorySchema.catch('semantic'),
  valence: memoryValenceSchema.catch('neutral'),
  confidence: writtenNumber.pipe(z.number().min(0).max(1)).catch(DEFAULT_CONFIDENCE),
});
const idSchema = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]);
const deprecateSchema = z.union([
  z.object({
    id: z.string(),
    why: z.string().trim().min(1).catch('An investigation showed it to be wrong.'),
  }),
  z.string().transform((id) => ({ id, why: 'An investigation showed it to be wrong.' })),
]);

const lessonsSchema = z
  .object({
    create: entriesOf(createSchema).catch([]),
    reinforce: entriesOf(idSchema).catch([]),
    deprecate: entriesOf(deprecateSchema).catch([]),
  })
  .partial();

/** Reads a model's answer leniently: text around the object, missing lists and odd entries are forgiven. */
export function readLessons(answer: string): { lessons: Lessons } | { problem: string } {
  const object = readJsonObject(answer);
  if (!object) return { problem: 'there is no JSON object in it.' };
  if (!['create', 'reinforce', 'deprecate'].some((key) => Object.hasOwn(object, key))) {
    return { problem: 'the object has none of "create", "reinforce" and "deprecate".' };
  }
  const { create = [], reinforce = [], deprecate = [] } = lessonsSchema.parse(object);
  return { lessons: { create: create.slice(0, REFLECTION_CREATES_MAX), reinforce, deprecate } };
}
