import { z } from 'zod';
import { memoryCategorySchema, memoryValenceSchema } from '#src/features/memories/schema.ts';
import type { TimelineItem } from '../schema.ts';

const recalledSchema = z.object({
  id: z.string(),
  content: z.string(),
  // Entries from before these were kept with them have none.
  category: memoryCategorySchema.nullish().catch(null),
  valence: memoryValenceSchema.nullish().catch(null),
  confidence: z.number().nullish().catch(null),
});
const dataSchema = z.object({ memories: z.array(recalledSchema) });

/** A memory that a run was given, as it was then. */
export type RecalledMemory = z.infer<typeof recalledSchema>;

/** What an entry about recalled memories recalled; null for other entries. */
export const readMemories = ({
  type,
  data,
}: Pick<TimelineItem, 'type' | 'data'>): readonly RecalledMemory[] | null =>
  type === 'memory_injected' ? (dataSchema.safeParse(data).data?.memories ?? null) : null;

/** All of them in words, for the timeline. */
export const describeMemories = (memories: readonly RecalledMemory[]): string =>
  memories.map(({ content }) => (memories.length > 1 ? `• ${content}` : content)).join('\n');
