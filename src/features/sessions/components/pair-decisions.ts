import type { TimelineItem } from '../schema.ts';

/** Requests that were decided, and the calls that came of them: one thing for people, two entries of the timeline. */
export type DecisionPairs = {
  /** By the id of the request. The call stands in its place and under its id, so that nothing moves. */
  decided: ReadonlyMap<string, { request: TimelineItem; call: TimelineItem }>;
  /** The id of the request by that of the call's own entry. */
  placeOf: ReadonlyMap<string, string>;
};

const cache = new WeakMap<readonly TimelineItem[], DecisionPairs>();

export function pairDecisions(items: readonly TimelineItem[]): DecisionPairs {
  const known = cache.get(items);
  if (known) return known;
  const decided = new Map<string, { request: TimelineItem; call: TimelineItem }>();
  const placeOf = new Map<string, string>();
  // A call is planned and asked for at once, and begins after the decision. An id may come again in a later answer.
  const open = new Map<string, TimelineItem>();
  for (const item of items) {
    const key = `${item.executionId} ${item.data.callId}`;
    if (isRequest(item) && item.status !== 'waiting') open.set(key, item);
    if (item.type !== 'tool_call') continue;
    const request = open.get(key);
    if (!request) continue;
    open.delete(key);
    decided.set(request.id, { request, call: { ...item, id: request.id } });
    placeOf.set(item.id, request.id);
  }
  const pairs = { decided, placeOf };
  cache.set(items, pairs);
  return pairs;
}

/** The id that an entry is shown under. */
export const shownId = (items: readonly TimelineItem[], id: string): string =>
  pairDecisions(items).placeOf.get(id) ?? id;

const isRequest = ({ type, data }: TimelineItem): boolean =>
  (type === 'approval' || type === 'question') && typeof data.callId === 'string';
