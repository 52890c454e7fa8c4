import { formatBytes } from '#src/lib/format-number.ts';
import type { ImageAudience } from '#src/server/config/schema.ts';
import { IMAGE_TYPES, readImage } from './read-image.ts';
import { MAX_IMAGE_BYTES, MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE_PX, MAX_IMAGES_PER_CALL } from './tunables.ts';
import type { ResultImage } from './types.ts';

/** "70 bytes", "12 kB", "3.4 MB". */
export const describeSize = (bytes: number): string =>
  bytes < 1_000 ? `${bytes} bytes` : formatBytes(bytes);

/** Bytes of what a base64 text holds. */
export const sizeOfBase64 = (base64: string): number =>
  Math.floor((base64.length * 3) / 4) - (base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0);

export type ImageKeeper = {
  /** Keeps an image, or says why not. Either way the line that stands for it in the text of the result. */
  keep(image: { data: string; mimeType: string }): string;
  readonly kept: readonly ResultImage[];
};

/**
 * The images of one result, within the bounds. Each has a number in the text, which relates text and image for model and
 * reader.
 */
export function createImageKeeper(audience: ImageAudience): ImageKeeper {
  const kept: ResultImage[] = [];
  let position = 0;
  return {
    kept,
    keep({ data, mimeType }) {
      position += 1;
      const bytes = sizeOfBase64(data);
      const said = `${mimeType.slice(0, 100)}, ${describeSize(bytes)}`;
      if (audience === 'nobody') return `[image ${position}: ${said}; not shown]`;
      const leftOut = (why: string) => `[image ${position}: ${said}; left out: ${why}]`;
      if (kept.length >= MAX_IMAGES_PER_CALL)
        return leftOut(`at most ${MAX_IMAGES_PER_CALL} images of a call are kept`);
      if (bytes > MAX_IMAGE_BYTES) return leftOut(`larger than ${describeSize(MAX_IMAGE_BYTES)}`);
      const content = Buffer.from(data, 'base64');
      const facts = readImage(content);
      if (!facts) return leftOut(`its bytes are none of ${IMAGE_TYPES.join(', ')}`);
      const { mediaType, width, height } = facts;
      if (Math.max(width, height) > MAX_IMAGE_SIDE_PX || width * height > MAX_IMAGE_PIXELS)
        return leftOut(`${width}×${height} pixels are too many`);
      const forModels = audience === 'models';
      kept.push({ position, mediaType, width, height, content, forModels });
      const facing = forModels ? '' : '; shown to people only';
      return `[image ${position}: ${mediaType}, ${describeSize(content.length)}, ${width}×${height}${facing}]`;
    },
  };
}
