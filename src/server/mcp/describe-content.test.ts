import { describe, expect, it } from 'vitest';
import { describeContent } from './describe-content.ts';

describe('describeContent', () => {
  it.each([
    ['text', { type: 'text', text: 'hello' }, 'hello'],
    [
      'an image',
      { type: 'image', mimeType: 'image/png', data: 'A'.repeat(16_000) },
      '[image image/png, 12 kB]',
    ],
    [
      'a sound',
      { type: 'audio', mimeType: 'audio/wav', data: 'A'.repeat(4_000_000) },
      '[audio audio/wav, 3.0 MB]',
    ],
    ['a few bytes', { type: 'image', mimeType: 'image/gif', data: 'AAA=' }, '[image image/gif, 2 bytes]'],
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
