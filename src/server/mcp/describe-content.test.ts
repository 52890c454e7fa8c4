import { describe, expect, it } from 'vitest';
import { drawPng, HOSTILE_SVG } from '#test/mcp-servers/draw-png.ts';
import { readContent, type ToolResult } from './describe-content.ts';
import { MAX_IMAGE_BYTES } from './tunables.ts';

const describeContent = (result: ToolResult) => readContent(result, 'nobody').text;

describe('describeContent', () => {
  it.each([
    ['text', { type: 'text', text: 'hello' }, 'hello'],
    [
      'an image',
      { type: 'image', mimeType: 'image/png', data: 'A'.repeat(16_000) },
      '[image 1: image/png, 12 kB; not shown]',
    ],
    [
      'a sound',
      { type: 'audio', mimeType: 'audio/wav', data: 'A'.repeat(4_000_000) },
      '[audio audio/wav, 3.0 MB]',
    ],
    [
      'a few bytes',
      { type: 'image', mimeType: 'image/gif', data: 'AAA=' },
      '[image 1: image/gif, 2 bytes; not shown]',
    ],
    [
      'a link',
      { type: 'resource_link', uri: 'file:///a', name: 'a', description: 'notes' },
      '[resource a file:///a: notes]',
    ],
    [
      'embedded text',
      { type: 'resource', resource: { uri: 'x:1', text: 'inside' } },
      '[resource x:1]\ninside',
    ],
    [
      'an embedded file',
      { type: 'resource', resource: { uri: 'x:1', mimeType: 'application/pdf', blob: 'AAAA' } },
      '[resource x:1 application/pdf, 3 bytes]',
    ],
    ['an unknown kind', { type: 'hologram', data: 'secret' }, '[content of type hologram, not shown]'],
    ['a broken picture', { type: 'image' }, '[content of type image, not shown]'],
  ])('puts %s into words', (_name, part, expected) => {
    expect(describeContent({ content: [part] })).toBe(expected);
  });

  it('joins parts, and falls back to structured content', () => {
    const parts = [
      { type: 'text', text: 'one' },
      { type: 'text', text: 'two' },
    ];
    expect(describeContent({ content: parts, structuredContent: { a: 1 } })).toBe('one\ntwo');
    expect(describeContent({ content: [], structuredContent: { a: 1 } })).toBe('{\n  "a": 1\n}');
    expect(describeContent({ content: [] })).toBe('(the tool returned nothing)');
  });
});

describe('the images of a result', () => {
  const chart = (n = 1) => ({
    type: 'image',
    mimeType: 'image/png',
    data: drawPng(64, 32, n).toString('base64'),
  });
  const size = (n = 1) => `${drawPng(64, 32, n).length} bytes`;

  it('are kept with a number that the text names, for people or for models too', () => {
    const embedded = {
      type: 'resource',
      resource: { uri: 'x:1', mimeType: 'image/jpeg', blob: chart(2).data },
    };
    const content = [{ type: 'text', text: 'two' }, chart(), embedded];
    const seen = readContent({ content }, 'models');
    expect(seen.text).toBe(
      `two\n[image 1: image/png, ${size()}, 64×32]\n[resource x:1]\n[image 2: image/png, ${size(2)}, 64×32]`,
    );
    expect(seen.images).toMatchObject([
      {
        position: 1,
        mediaType: 'image/png',
        width: 64,
        height: 32,
        content: drawPng(64, 32),
        forModels: true,
      },
      { position: 2, mediaType: 'image/png', content: drawPng(64, 32, 2) },
    ]);
    const people = readContent({ content }, 'people');
    expect(people.text).toContain(`64×32; shown to people only]`);
    expect(people.images.map(({ forModels }) => forModels)).toEqual([false, false]);
    expect(readContent({ content }, 'nobody').images).toEqual([]);
  });

  it('of an error are for people: most wires know no error with a picture', () => {
    const { images } = readContent({ content: [chart()], isError: true }, 'models');
    expect(images).toMatchObject([{ position: 1, forModels: false }]);
  });

  it('are left out beyond a bound, and the text says why', () => {
    const svg = { ...chart(), data: Buffer.from(HOSTILE_SVG).toString('base64') };
    const large = { ...chart(), data: Buffer.alloc(MAX_IMAGE_BYTES + 1).toString('base64') };
    const bomb = drawPng(8, 8);
    bomb.writeUInt32BE(60_000, 16);
    const huge = { ...chart(), data: bomb.toString('base64') };
    const seen = readContent(
      { content: [svg, large, huge, ...Array.from({ length: 50 }, () => chart())] },
      'models',
    );
    expect(seen.images.map(({ position }) => position)).toEqual([4, 5, 6, 7]);
    const lines = seen.text.split('\n');
    expect(lines).toHaveLength(53);
    expect(lines[0]).toMatch(/^\[image 1: image\/png, .*; left out: its bytes are none of image\/png, /);
    expect(lines[1]).toBe('[image 2: image/png, 2.0 MB; left out: larger than 2.0 MB]');
    expect(lines[2]).toMatch(/left out: 60000×8 pixels are too many\]$/);
    expect(lines[52]).toMatch(/^\[image 53: .*; left out: at most 4 images of a call are kept\]$/);
  });
});
