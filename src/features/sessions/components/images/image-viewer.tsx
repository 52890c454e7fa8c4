'use client';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { createContext, type KeyboardEvent, type ReactNode, use, useState } from 'react';
import { Button } from '#src/components/ui/button.tsx';
import { Dialog } from '#src/components/ui/dialog.tsx';
import type { ToolImage } from '../../schema.ts';
import { ApiLink, addressIn } from '../api-link.tsx';
import { describeImage, imageName } from './describe-image.ts';
import { ToolImageBox } from './tool-image-box.tsx';

type Opened = { tool: string; images: readonly ToolImage[]; index: number };

const ViewerContext = createContext<(opened: Opened) => void>(() => undefined);

/** Opens images in full size. */
export const useImageViewer = () => use(ViewerContext);

/**
 * One dialog for all images of a page: the row that an image was opened from may scroll away, while a run goes on, without
 * taking the image with it.
 */
export function ImageViewer({ project, children }: { project: string; children: ReactNode }) {
  const [opened, setOpened] = useState<Opened | null>(null);
  const image = opened?.images[opened.index];
  const move = (step: 1 | -1) =>
    setOpened((from) => (from?.images[from.index + step] ? { ...from, index: from.index + step } : from));
  const onKeyDown = (event: KeyboardEvent) => {
    if (!opened || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return;
    event.preventDefault();
    move(event.key === 'ArrowLeft' ? -1 : 1);
  };
  return (
    <ViewerContext value={setOpened}>
      {children}
      {/* Keys come here from the dialog, wherever in it the focus is: React's events follow its own tree. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys are a shorter way to two buttons of the dialog. */}
      <div className="contents" onKeyDown={onKeyDown}>
        <Dialog
          open={image !== undefined}
          onOpenChange={(isOpen) => {
            if (!isOpen) setOpened(null);
          }}
          title={image && opened ? imageName(opened.tool, image) : 'Image'}
          className="!top-[4vh] !max-h-[92vh] !w-fit !min-w-[min(30rem,calc(100vw-1.5rem))] !max-w-[calc(100vw-1.5rem)]"
        >
          {image && opened ? (
            <FullImage project={project} opened={opened} image={image} onMove={move} />
          ) : null}
        </Dialog>
      </div>
    </ViewerContext>
  );
}

type FullImageProps = {
  project: string;
  opened: Opened;
  image: ToolImage;
  onMove: (step: 1 | -1) => void;
};

function FullImage({ project, opened, image, onMove }: FullImageProps) {
  const { tool, images, index } = opened;
  return (
    <div className="grid min-h-0 grid-rows-[minmax(0,1fr)_auto]">
      <div className="flex min-h-0 items-center justify-center overflow-auto bg-raised p-3">
        <ToolImageBox
          key={image.url}
          src={addressIn(project, image.url)}
          alt={imageName(tool, image)}
          image={image}
          className="max-h-[76vh] w-auto max-w-full"
        />
      </div>
      <div className="flex flex-wrap items-center gap-2 border-t px-4 py-2 text-dim text-xs">
        {images.length > 1 ? (
          <>
            <Button
              variant="ghost"
              size="iconSm"
              aria-label="Previous image"
              disabled={index === 0}
              onClick={() => onMove(-1)}
            >
              <ChevronLeft />
            </Button>
            <span className="tabular">
              {index + 1} of {images.length}
            </span>
            <Button
              variant="ghost"
              size="iconSm"
              aria-label="Next image"
              disabled={index === images.length - 1}
              onClick={() => onMove(1)}
            >
              <ChevronRight />
            </Button>
          </>
        ) : null}
        <span className="tabular min-w-0 flex-1">{describeImage(image)}</span>
        <ApiLink project={project} url={image.url}>
          Open alone
        </ApiLink>
      </div>
    </div>
  );
}
