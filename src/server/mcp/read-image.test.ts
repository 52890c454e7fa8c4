import { describe, expect, test } from 'vitest';
import { drawPng, HOSTILE_SVG } from '#test/mcp-servers/draw-png.ts';
import { readImage } from './read-image.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
/** Beginnings as real encoders write them. */
const gif = Buffer.concat([Buffer.from('GIF89a'), hex('2003 e001 f70000'), Buffer.alloc(10)]);
const jpeg = Buffer.concat([
  hex('ffd8 ffe0 0010 4a46494600010100000100010000'),
  // A fill byte, then a table whose marker lies in the range of frames, then the frame.
  hex('ff ffc4 0004 0000 ffc2 0011 08 01e0 0320 03'),
  Buffer.alloc(12),
]);
const webp = (kind: string, rest: string) =>
  Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBP'), Buffer.from(kind), hex(rest), Buffer.alloc(16)]);

describe('an image is what its bytes say', () => {
  test.each([
    ['PNG', drawPng(640, 240), { mediaType: 'image/png', width: 640, height: 240 }],
    ['GIF', gif, { mediaType: 'image/gif', width: 800, height: 480 }],
    ['JPEG', jpeg, { mediaType: 'image/jpeg', width: 800, height: 480 }],
    [
      'lossy WebP',
      webp('VP8 ', '00000000 000000 9d012a 2003 e001'),
      { mediaType: 'image/webp', width: 800, height: 480 },
    ],
    [
      'lossless WebP',
      webp('VP8L', '00000000 2f 1fc37700'),
      { mediaType: 'image/webp', width: 800, height: 480 },
    ],
    [
      'extended WebP',
      webp('VP8X', '0a000000 00000000 1f0300 df0100'),
      { mediaType: 'image/webp', width: 800, height: 480 },
    ],
  ])('%s', (_name, bytes, facts) => {
    expect(readImage(bytes)).toEqual(facts);
  });

  test.each([
    ['an SVG with a script', Buffer.from(HOSTILE_SVG)],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'.padEnd(100))],
    ['a PDF', Buffer.from('%PDF-1.7'.padEnd(100))],
    ['nothing', Buffer.alloc(0)],
    ['a PNG without its header', drawPng(4, 4).subarray(0, 20)],
    ['a JPEG that ends before its frame', jpeg.subarray(0, 24)],
    [
      'a JPEG of empty segments without end',
      Buffer.concat([hex('ffd8'), Buffer.alloc(4_000_000, 'ffe00000', 'hex')]),
    ],
    ['a GIF of no size', Buffer.concat([Buffer.from('GIF89a'), Buffer.alloc(20)])],
  ])('not %s', (_name, bytes) => {
    expect(readImage(bytes)).toBeNull();
  });
});
