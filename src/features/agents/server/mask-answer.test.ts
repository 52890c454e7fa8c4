import type { ModelMessage } from 'ai';
import { expect, test } from 'vitest';
import { createMasker } from '#src/server/masking/index.ts';
import type { PlannedCall } from './agent-step.ts';
import { maskAnswer } from './mask-answer.ts';
import { createRunMask } from './run-mask.ts';

const masker = createMasker({ groups: ['security'] });
const mask = createRunMask(
  masker,
  () => masker,
  (value) => ({ arguments: value, unknown: [] }),
);
const SECRET = 'password=hunter2-secret';
const planned: PlannedCall = {
  index: 0,
  iteration: 1,
  callId: 'a',
  wireName: 'box__echo',
  server: 'box',
  tool: 'echo',
  readOnly: true,
  arguments: { text: SECRET },
  maskedArguments: { text: 'password=[MASKED_PASSWORD]' },
  problem: null,
};
type Parts = Exclude<Extract<ModelMessage, { role: 'assistant' }>['content'], string>;
const maskParts = (content: Parts) =>
  maskAnswer([{ role: 'assistant', content }], [planned], mask)[0]?.content;

test('texts and arguments are masked, metadata of the provider stays', () => {
  const providerOptions = { google: { thoughtSignature: 'sig' } };
  expect(
    maskParts([
      { type: 'text', text: SECRET },
      { type: 'tool-call', toolCallId: 'a', toolName: 'box__echo', input: { text: SECRET }, providerOptions },
    ]),
  ).toEqual([
    { type: 'text', text: 'password=[MASKED_PASSWORD]' },
    {
      type: 'tool-call',
      toolCallId: 'a',
      toolName: 'box__echo',
      input: { text: 'password=[MASKED_PASSWORD]' },
      providerOptions,
    },
  ]);
  expect(maskAnswer([{ role: 'assistant', content: SECRET }], [], mask)).toEqual([
    { role: 'assistant', content: 'password=[MASKED_PASSWORD]' },
  ]);
});

test('calls that nobody answers are left out', () => {
  expect(maskParts([{ type: 'tool-call', toolCallId: 'other', toolName: 'x', input: {} }])).toEqual([]);
});

test('thinking: exact without a secret; with one masked, or dropped where its signature would break', () => {
  const signed = { anthropic: { signature: 'sig' } };
  const clean = { type: 'reasoning' as const, text: 'I look.', providerOptions: signed };
  expect(maskParts([clean])).toEqual([clean]);
  expect(maskParts([{ type: 'reasoning', text: SECRET, providerOptions: signed }])).toEqual([]);
  expect(maskParts([{ type: 'reasoning', text: SECRET }])).toEqual([
    { type: 'reasoning', text: 'password=[MASKED_PASSWORD]' },
  ]);
});
