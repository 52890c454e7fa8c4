import { z } from 'zod';
import { pageSchema } from '#src/features/sessions/schema.ts';

/** What past investigations of a project taught: REST, tRPC, the page and the CLI share these schemas. */

export const memoryCategories = ['semantic', 'episodic', 'procedural'] as const;
export const memoryCategorySchema = z.enum(memoryCategories);
export type MemoryCategory = z.infer<typeof memoryCategorySchema>;
/** As people and models read them. */
export const categoryWords: Record<MemoryCategory, string> = {
  semantic: 'Fact',
  episodic: 'What happened',
  procedural: 'How to',
};

export const memoryValences = ['positive', 'neutral', 'negative'] as const;
export const memoryValenceSchema = z.enum(memoryValences);
export type MemoryValence = z.infer<typeof memoryValenceSchema>;

/** A memory is a remark, not a report: a few sentences. */
export const MEMORY_MAX_CHARS = 2_000;

const time = z.iso.datetime();

export const memorySchema = z.object({
  id: z.string(),
  content: z.string(),
  category: memoryCategorySchema,
  valence: memoryValenceSchema,
  /** 0-1 */
  confidence: z.number(),
  /** How often investigations came to it. */
  seenCount: z.number().int(),
  /** How many sessions were given it. */
  injectedCount: z.number().int(),
  sourceSessionId: z.string().nullable(),
  alertType: z.string().nullable(),
  chain: z.string().nullable(),
  deprecatedAt: time.nullable(),
  deprecatedWhy: z.string().nullable(),
  author: z.string(),
  createdAt: time,
  updatedAt: time,
  lastSeenAt: time,
});
export type Memory = z.infer<typeof memorySchema>;

export const newMemorySchema = z.object({
  content: z.string().trim().min(3).max(MEMORY_MAX_CHARS),
  category: memoryCategorySchema.default('semantic'),
  valence: memoryValenceSchema.default('neutral'),
  confidence: z.number().min(0).max(1).default(0.8),
  alertType: z.string().max(200).optional(),
});
export type NewMemory = z.infer<typeof newMemorySchema>;

export const editMemorySchema = z
  .object({
    content: z.string().trim().min(3).max(MEMORY_MAX_CHARS),
    category: memoryCategorySchema,
    valence: memoryValenceSchema,
    confidence: z.number().min(0).max(1),
  })
  .partial();
export type EditMemory = z.infer<typeof editMemorySchema>;

export const memoryActionSchema = z.object({
  action: z.enum(['deprecate', 'restore', 'delete']),
  why: z.string().max(500).optional().describe('Why it must not be used any more'),
});
export type MemoryAction = z.infer<typeof memoryActionSchema>;

export const memoryStates = ['active', 'deprecated', 'all'] as const;
export const listMemoriesInputSchema = pageSchema.extend({
  q: z.string().max(500).optional(),
  category: memoryCategorySchema.optional(),
  state: z.enum(memoryStates).default('active'),
  sessionId: z.uuid().optional().describe('Those that came from this session or were given to it'),
});

export const memoryPageSchema = z.object({ items: z.array(memorySchema), nextCursor: z.string().nullable() });
