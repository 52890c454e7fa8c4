import { expect, test } from 'vitest';
import type { LogEvent } from './event-log.ts';
import { splitMessages } from './split-messages.ts';
import { MESSAGE_CHARS, MESSAGE_EVENTS } from './tunables.ts';
import { parseWakeUp } from './wake-up.ts';

const event = (seq: number, chars: number): LogEvent => ({
  seq,
  type: 'item.delta',
  payload: { text: 'x'.repeat(chars) },
  createdAt: '',
});

test('messages are bounded in number and size and lose nothing', () => {
  const events = Array.from({ length: 1_000 }, (_, n) => event(n + 1, n % 50 === 0 ? 200_000 : 10));
  const messages = splitMessages(events);
  expect(messages.flat()).toEqual(events);
  for (const message of messages) {
    expect(message.length).toBeLessThanOrEqual(MESSAGE_EVENTS);
    if (message.length > 1) expect(JSON.stringify(message).length).toBeLessThan(MESSAGE_CHARS * 1.2);
  }
  expect(splitMessages([])).toEqual([]);
  expect(splitMessages([event(1, MESSAGE_CHARS * 2)])).toHaveLength(1);
});

test('only our own announcements are understood', () => {
  expect(parseWakeUp('{"s":"a","q":3,"p":"b","l":1}')).toEqual({
    sessionId: 'a',
    maxSeq: 3,
    projectId: 'b',
    listChanged: true,
  });
  for (const payload of [undefined, '', 'x', '{}', '{"s":1,"q":2,"p":"b"}', '[]']) {
    expect(parseWakeUp(payload)).toBeUndefined();
  }
});
