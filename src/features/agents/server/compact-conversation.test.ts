import type { ModelMessage } from 'ai';
import { describe, expect, test } from 'vitest';
import { newId } from '#src/server/ids.ts';
import { estimateMessagesTokens, hasImages } from '#src/server/llm/index.ts';
import type { KeptImage } from './agent-step.ts';
import { dropImages, planCompaction } from './compact-conversation.ts';
import { toolResultsMessage } from './conversation.ts';
import { COMPACT_TO_SHARE } from './tunables.ts';

const result = (callId: string, chars: number) =>
  toolResultsMessage([{ callId, wireName: 'box__echo', text: 'x'.repeat(chars), failed: false }]);
const conversation = (...chars: number[]): ModelMessage[] => [
  { role: 'user', content: 'Look.' },
  ...chars.flatMap((size, n): ModelMessage[] => [
    {
      role: 'assistant',
      content: [{ type: 'tool-call', toolCallId: `c${n}`, toolName: 'box__echo', input: {} }],
    },
    result(`c${n}`, size),
  ]),
];
const outputIdOf = (id: string) => (id === 'c0' ? 'kept-0' : undefined);
const plan = (messages: ModelMessage[], budgetTokens: number, force = false) =>
  planCompaction({ messages, budgetTokens, outputIdOf, takesImages: true, force });
const apply = (messages: ModelMessage[], compaction: ReturnType<typeof plan>) =>
  messages.map(
    (message, index) => compaction?.changed.find((entry) => entry.index === index)?.message ?? message,
  );

describe('with room', () => {
  test('nothing happens', () => {
    expect(plan(conversation(4_000, 4_000), 10_000)).toBeNull();
  });
  test('unless the provider says that it is too long', () => {
    expect(plan(conversation(4_000, 4_000, 4_000), 10_000, true)?.changed[0]?.index).toBe(2);
  });
});

describe('without room', () => {
  const messages = conversation(8_000, 8_000, 8_000, 8_000, 8_000);

  test('the oldest results go first, down to the target, and the turn in progress stays', () => {
    const compaction = plan(messages, 11_000);
    expect(compaction?.changed.map(({ index }) => index)).toEqual([2, 4, 6]);
    expect(compaction?.afterTokens).toBeLessThanOrEqual(11_000 * COMPACT_TO_SHARE);
    expect(estimateMessagesTokens(apply(messages, compaction))).toBe(compaction?.afterTokens);
  });

  test('a shortened result says how to read it again, and keeps its reference', () => {
    const [kept, short] = plan(messages, 5_000)?.changed.map(({ message }) => JSON.stringify(message)) ?? [];
    expect(kept).toContain(
      'tars__output_read {\\\\\\"output_id\\\\\\": \\\\\\"kept-0'.replaceAll('\\\\\\', '\\'),
    );
    expect(kept).toContain('[tool: c0]');
    expect(short).toContain('call the tool again');
  });

  test('a turn in progress that alone does not fit is shortened as far as needed', () => {
    const compaction = plan(messages, 3_000);
    expect(compaction?.changed.map(({ index }) => index)).toEqual([2, 4, 6, 8]);
    expect(compaction?.afterTokens).toBeLessThanOrEqual(3_000);
  });

  test('what was shortened before is not shortened again', () => {
    const once = apply(messages, plan(messages, 1));
    expect(plan(once, 1)).toBeNull();
  });

  test('without results there is nothing to give', () => {
    expect(plan([{ role: 'user', content: 'x'.repeat(100_000) }], 1_000)).toBeNull();
  });
});

describe('images', () => {
  const image = (): KeptImage => ({
    id: newId(),
    position: 1,
    mediaType: 'image/png',
    width: 1,
    height: 1,
    bytes: 9,
    content: null,
    forModels: true,
  });
  const withImage = (callId: string, chars: number) =>
    toolResultsMessage([
      { callId, wireName: 'box__image', text: 'x'.repeat(chars), failed: false, images: [image()] },
    ]);
  const messages: ModelMessage[] = [
    { role: 'user', content: 'Look.' },
    result('c0', 6_000),
    ...Array.from({ length: 10 }, (_, n) => withImage(`i${n}`, 100)),
  ];
  const tokens = estimateMessagesTokens(messages);
  const left = (compaction: ReturnType<typeof plan>) => apply(messages, compaction).map(hasImages);

  test('go before text, the oldest first', () => {
    const compaction = plan(messages, tokens);
    expect(compaction?.changed.map(({ index }) => index)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(JSON.stringify(compaction?.changed[0]?.message)).toContain(
      'left out to make room; call the tool again if you need to see them.]\\n\\n[tool: i0]',
    );
    expect(estimateMessagesTokens(apply(messages, compaction))).toBe(compaction?.afterTokens);
  });

  test('of the turn in progress go last', () => {
    const compaction = plan(messages, 5_500);
    expect(compaction?.changed.map(({ index }) => index)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(left(compaction).slice(-3)).toEqual([true, true, true]);
  });

  test('take no room where the model is not sent them', () => {
    const blind = { messages, outputIdOf, takesImages: false };
    expect(planCompaction({ ...blind, budgetTokens: 4_000 })).toBeNull();
    const compaction = planCompaction({ ...blind, budgetTokens: 1_500 });
    expect(compaction?.changed.map(({ index }) => index)).toEqual([1]);
    expect(left(compaction).filter(Boolean)).toHaveLength(10);
  });

  test('can be left out all at once', () => {
    expect(dropImages(messages).map(({ index }) => index)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });
});
