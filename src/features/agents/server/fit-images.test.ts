import { expect, test } from 'vitest';
import { fitImages } from './fit-images.ts';
import { MAX_IMAGE_BYTES_PER_SESSION } from './tunables.ts';

const image = (position: number, bytes: number) => ({
  position,
  mediaType: 'image/png' as const,
  width: 1,
  height: 1,
  content: Buffer.alloc(bytes),
  forModels: true,
});

test('a session keeps so many bytes of images; what comes later is named and left out', () => {
  const images = [image(1, 100), image(2, 1_000), image(3, 50)];
  const { text, images: kept } = fitImages({ text: 'seen', images }, MAX_IMAGE_BYTES_PER_SESSION - 200);
  expect(kept.map(({ position, bytes }) => [position, bytes])).toEqual([
    [1, 100],
    [3, 50],
  ]);
  expect(text).toBe('seen\n[image 2 was left out: this session has its 50.0 MB of images]');
  expect(fitImages({ text: 'seen' }, MAX_IMAGE_BYTES_PER_SESSION)).toEqual({ text: 'seen', images: [] });
});
