import type { Sql } from '#src/server/db/database.ts';
import type { ToolCallOutcome } from '#src/server/mcp/index.ts';
import type { KeptImage } from './agent-step.ts';
import { fitImages } from './fit-images.ts';
import { readImageBytes } from './tool-images.ts';

/** The room that a session has for images, shared by all of its executions. */
export type ImageRoom = {
  /** The result with the images that there is room for, which is taken with that. */
  fit(outcome: Pick<ToolCallOutcome, 'text' | 'images'>): Promise<{ text: string; images: KeptImage[] }>;
};

/**
 * One process runs a session, so what it gives away is counted here and the bound is exact, also for calls that end at the same
 * time. What was kept before is read once.
 */
export function openImageRoom(sql: Sql, sessionId: string): ImageRoom {
  let keptBefore: Promise<number> | undefined;
  let givenBytes = 0;
  return {
    async fit(outcome) {
      if (!outcome.images?.length) return fitImages(outcome, 0);
      keptBefore ??= readImageBytes(sql, sessionId);
      const before = await keptBefore;
      // Nothing waits between the look and the count.
      const fitted = fitImages(outcome, before + givenBytes);
      givenBytes += fitted.images.reduce((sum, { bytes }) => sum + bytes, 0);
      return fitted;
    },
  };
}
