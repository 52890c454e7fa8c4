'use client';
import { ImageOff } from 'lucide-react';
import { useState } from 'react';
import { cn } from '#src/components/ui/cn.ts';
import type { ToolImage } from '../../schema.ts';

type ToolImageBoxProps = { src: string; alt: string; image: ToolImage; className?: string };

/** An image, or a box of its kind that says that it is not there: retention removes images before the timeline. */
export function ToolImageBox({ src, alt, image, className }: ToolImageBoxProps) {
  const [missing, setMissing] = useState(false);
  if (missing) {
    return (
      <span className="flex size-full min-h-16 flex-col items-center justify-center gap-1 p-2 text-center text-2xs text-dim">
        <ImageOff aria-hidden="true" className="size-4" />
        <span>
          <span className="sr-only">{alt}: </span>not there any more
        </span>
      </span>
    );
  }
  return (
    // biome-ignore lint/performance/noImgElement: it comes from our own API with the reader's rights; no optimiser may fetch it.
    <img
      src={src}
      alt={alt}
      width={image.width}
      height={image.height}
      loading="lazy"
      decoding="async"
      onError={() => setMissing(true)}
      className={cn('object-contain', className)}
    />
  );
}
