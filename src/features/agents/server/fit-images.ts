import { formatBytes } from '#src/lib/format-number.ts';
import { newId } from '#src/server/ids.ts';
import type { ToolCallOutcome } from '#src/server/mcp/index.ts';
import type { KeptImage } from './agent-step.ts';
import { MAX_IMAGE_BYTES_PER_SESSION } from './tunables.ts';

/**
 * The images of a result that the session has room for, and the text with a line for each other. `keptBytes` is what the
 * session holds. Pure.
 */
export function fitImages(
  { text, images = [] }: Pick<ToolCallOutcome, 'text' | 'images'>,
  keptBytes: number,
): { text: string; images: KeptImage[] } {
  const kept: KeptImage[] = [];
  const lines: string[] = [];
  let total = keptBytes;
  for (const image of images) {
    const bytes = image.content.length;
    if (total + bytes > MAX_IMAGE_BYTES_PER_SESSION) {
      const limit = formatBytes(MAX_IMAGE_BYTES_PER_SESSION);
      lines.push(`[image ${image.position} was left out: this session has its ${limit} of images]`);
    } else {
      total += bytes;
      kept.push({ ...image, id: newId(), bytes });
    }
  }
  return { text: [text, ...lines].join('\n'), images: kept };
}
