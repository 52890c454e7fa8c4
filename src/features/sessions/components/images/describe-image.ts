import { formatBytes } from '#src/lib/format-number.ts';
import type { ToolImage } from '../../schema.ts';

/** "Image 2 of grafana.render_panel": what the text of the result calls it. */
export const imageName = (tool: string, { position }: Pick<ToolImage, 'position'>): string =>
  `Image ${position} of ${tool}`;

export const describeImage = ({ mediaType, width, height, bytes, forModels }: ToolImage): string =>
  [
    mediaType.replace('image/', '').toUpperCase(),
    `${width}×${height}`,
    formatBytes(bytes),
    forModels ? 'for models too' : 'for people only',
  ].join(' · ');
