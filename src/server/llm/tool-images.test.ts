import type { ModelMessage } from 'ai';
import { describe, expect, test } from 'vitest';
import { newId } from '#src/server/ids.ts';
import { estimateMessagesTokens } from './tokens.ts';
import { type ImageReference, imagePart, placeImages, sentImages, takesImages } from './tool-images.ts';
import { MAX_IMAGES_PER_REQUEST, TOKENS_PER_IMAGE } from './tunables.ts';

const reference = (bytes = 1_000): ImageReference => ({ image: newId(), mediaType: 'image/png', bytes });
const result = (callId: string, images: ImageReference[]): ModelMessage => ({
  role: 'tool',
  content: [
    {
      type: 'tool-result',
      toolCallId: callId,
      toolName: 'box__image',
      output: {
        type: 'content',
        value: [{ type: 'text', text: `a chart\n\n[tool: ${callId}]` }, ...images.map(imagePart)],
      },
    },
  ],
});
const bytesOf = (images: ImageReference[]) =>
  new Map(images.map(({ image }) => [image, Buffer.from('bytes')]));
const outputOf = (message: ModelMessage | undefined) => {
  const part = message?.role === 'tool' ? message.content[0] : undefined;
  return part?.type === 'tool-result' ? part.output : undefined;
};

test('who takes images: by type, unless the configuration says otherwise; the offline analyst never', () => {
  const types = ['openai', 'anthropic', 'google', 'vertex', 'xai', 'openai-compatible', 'offline'] as const;
  const taking = (images?: boolean) => types.filter((type) => takesImages({ type, images }));
  expect(taking()).toEqual(['openai', 'anthropic', 'google', 'vertex', 'xai']);
  expect(taking(true)).toEqual(types.slice(0, -1));
  expect(taking(false)).toEqual([]);
});

describe('a result with an image', () => {
  const image = reference();
  const messages = [result('a', [image])];

  test('carries it', () => {
    const [message] = placeImages({ type: 'anthropic' }, messages, bytesOf([image]));
    expect(outputOf(message)).toEqual({
      type: 'content',
      value: [
        { type: 'text', text: 'a chart\n\n[tool: a]' },
        { type: 'file', mediaType: 'image/png', data: { type: 'data', data: Buffer.from('bytes') } },
      ],
    });
  });

  test("sends it after itself where a tool's message holds text alone", () => {
    const placed = placeImages({ type: 'openai-compatible', images: true }, messages, bytesOf([image]));
    expect(outputOf(placed[0])).toEqual({
      type: 'text',
      value: 'a chart\n[Its images follow in the next message.]\n\n[tool: a]',
    });
    expect(placed[1]).toEqual({
      role: 'user',
      content: [
        { type: 'text', text: 'The images of the result of box__image [tool: a]:' },
        { type: 'file', mediaType: 'image/png', data: Buffer.from('bytes') },
      ],
    });
  });

  test('is words for a model that cannot see, and when the image is gone', () => {
    const [blind] = placeImages({ type: 'openai-compatible' }, messages, bytesOf([image]));
    expect(outputOf(blind)).toEqual({
      type: 'text',
      value: 'a chart\n[You are not sent the images of this result.]\n\n[tool: a]',
    });
    const [gone] = placeImages({ type: 'anthropic' }, messages, new Map());
    expect(outputOf(gone)).toMatchObject({
      type: 'text',
      value: expect.stringContaining('are not sent again'),
    });
  });

  test('counts as an image, not as the text that stands for it', () => {
    const words = estimateMessagesTokens([result('a', [])]);
    expect(estimateMessagesTokens(messages)).toBe(words + TOKENS_PER_IMAGE);
    const [, pictures] = placeImages({ type: 'openai-compatible', images: true }, messages, bytesOf([image]));
    expect(pictures && estimateMessagesTokens([pictures])).toBeLessThan(TOKENS_PER_IMAGE + 50);
  });
});

describe('a request carries the newest images', () => {
  test('as many as providers take', () => {
    const images = Array.from({ length: MAX_IMAGES_PER_REQUEST + 5 }, () => reference());
    const messages = images.map((image, n) => result(`c${n}`, [image]));
    expect(sentImages({ type: 'google' }, messages)).toEqual(images.slice(5));
    expect(sentImages({ type: 'offline' }, messages)).toEqual([]);
  });

  test('and as many bytes', () => {
    const images = [reference(2_000_000), reference(6_000_000), reference(5_000_000)];
    expect(sentImages({ type: 'google' }, [result('a', images)])).toEqual(images.slice(1));
  });
});
