import type { LogEvent } from './event-log.ts';
import { MESSAGE_CHARS, MESSAGE_EVENTS } from './tunables.ts';

/** Cuts a run of events into messages of bounded size; each holds at least one event. */
export function splitMessages(events: readonly LogEvent[]): LogEvent[][] {
  const messages: LogEvent[][] = [];
  let current: LogEvent[] = [];
  let chars = 0;
  for (const event of events) {
    const size = JSON.stringify(event.payload).length;
    if (current.length > 0 && (current.length >= MESSAGE_EVENTS || chars + size > MESSAGE_CHARS)) {
      messages.push(current);
      current = [];
      chars = 0;
    }
    current.push(event);
    chars += size;
  }
  if (current.length > 0) messages.push(current);
  return messages;
}
