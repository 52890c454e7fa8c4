'use client';
import { cn } from '#src/components/ui/cn.ts';
import type { ToolImage } from '../../schema.ts';
import { addressIn } from '../api-link.tsx';
import { describeImage, imageName } from './describe-image.ts';
import { useImageViewer } from './image-viewer.tsx';
import { ToolImageBox } from './tool-image-box.tsx';

type ToolImagesProps = {
  project: string;
  /** `server.tool`, for the names of the images. */
  tool: string;
  images: readonly ToolImage[] | undefined;
  /** Small ones stand in a row of the timeline; large ones fill the inspector. */
  size: 'small' | 'large';
};

const boxes = { small: 'h-20 w-32', large: 'h-44 w-full' } as const;

/** The images of a call, each in a box of fixed size, so that nothing moves when they come. A click opens one in full. */
export function ToolImages({ project, tool, images = [], size }: ToolImagesProps) {
  const open = useImageViewer();
  if (images.length === 0) return null;
  return (
    <ul className={cn('flex flex-wrap gap-1.5 py-0.5', size === 'large' && 'flex-col gap-2')}>
      {images.map((image, index) => (
        <li key={image.url} className={cn('grid gap-0.5', size === 'large' && 'w-full')}>
          <button
            type="button"
            title={describeImage(image)}
            aria-label={`${imageName(tool, image)}, open in full size`}
            onClick={() => open({ tool, images, index })}
            className={cn(
              'flex items-center justify-center overflow-hidden rounded-md border bg-raised hover:border-accent',
              boxes[size],
            )}
          >
            <ToolImageBox
              src={addressIn(project, image.url)}
              alt={imageName(tool, image)}
              image={image}
              className="size-full"
            />
          </button>
          {size === 'large' ? (
            <span className="tabular text-2xs text-dim">
              Image {image.position} · {describeImage(image)}
            </span>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
