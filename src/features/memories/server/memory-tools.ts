import { z } from 'zod';
import { type BuiltInTool, defineBuiltInTool, describeHint } from '#src/features/agents/server/index.ts';
import type { SessionListItem } from '#src/features/sessions/schema.ts';
import { listSessions } from '#src/features/sessions/server/index.ts';
import { generaliseIdentifiers } from '#src/server/identifiers/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { findMemories } from './find-memories.ts';
import { TOOL_RESULTS_MAX } from './tunables.ts';

const limit = z.coerce.number().int().min(1).max(TOOL_RESULTS_MAX).default(5);
const query = z.string().min(2).max(500);

/** What agents and the chat may look up in the team's past. Nothing when memory is switched off. */
export function createMemoryTools(
  kernel: Kernel,
  options: { projectId: string; sessionId: string },
): BuiltInTool[] {
  if (!kernel.config.current().memory.enabled) return [];
  return [recallTool(kernel, options), pastSessionsTool(kernel, options)];
}

function recallTool(kernel: Kernel, { projectId }: { projectId: string }): BuiltInTool {
  return defineBuiltInTool({
    name: 'recall_memories',
    description:
      'Looks up what earlier investigations of this team noted about something. Notes may be wrong or out of date: check them.',
    input: z.object({ query: query.describe('What it is about, in a few words'), limit }),
    async run(input, { signal }) {
      const found = await findMemories(kernel, { projectId, text: input.query, limit: input.limit, signal });
      if (found.length === 0) return { ok: true, text: 'Nothing was noted about that.' };
      return { ok: true, text: found.map(describeHint).join('\n') };
    },
  });
}

function pastSessionsTool(
  kernel: Kernel,
  { projectId, sessionId }: { projectId: string; sessionId: string },
): BuiltInTool {
  return defineBuiltInTool({
    name: 'search_past_sessions',
    description:
      'Finds completed investigations of this team whose alert or analysis holds all the words, newest first, with their summaries.',
    input: z.object({
      query: query.describe('Words that must all occur; names of workloads, error texts or alerts work best'),
      limit,
    }),
    async run(input) {
      const { items } = await listSessions(kernel, {
        projectId,
        q: input.query,
        status: ['completed'],
        limit: input.limit + 1,
        sort: '-createdAt',
      });
      const found = items.filter(({ id }) => id !== sessionId).slice(0, input.limit);
      if (found.length === 0) {
        return {
          ok: true,
          text: 'No completed investigation holds all of these words. Fewer words find more.',
        };
      }
      // Placeholders of another session mean nothing in this one.
      const text = generaliseIdentifiers(
        kernel.config.current(),
        found.map(describePastSession).join('\n\n'),
      );
      return { ok: true, text };
    },
  });
}

function describePastSession(session: SessionListItem): string {
  const rating = session.review.rating ? `, people rated it ${session.review.rating.replace('_', ' ')}` : '';
  const head = `${session.createdAt.slice(0, 10)} ${session.title} (session ${session.id}${rating})`;
  return `${head}\n${session.executiveSummary ?? 'It has no summary.'}`;
}
