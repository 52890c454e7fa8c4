'use client';
import { useMemo } from 'react';
import type { TimelineItem } from '../schema.ts';
import { readToolCall } from './read-tool-call.ts';
import type { CallPlace } from './session-context.ts';

/** Tool calls by call id. A call's name never changes: the map is renewed when there are more of them, or more have ended. */
export function useCalls(items: readonly TimelineItem[]): ReadonlyMap<string, CallPlace> {
  const count = items.reduce(
    (sum, item) => (item.type === 'tool_call' ? sum + (item.status === 'completed' ? 2 : 1) : sum),
    0,
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above; `items` changes with every delta.
  return useMemo(() => {
    const calls = new Map<string, CallPlace>();
    for (const item of items) {
      const call = readToolCall(item);
      if (call)
        calls.set(call.callId, {
          itemId: item.id,
          label: call.cluster ? `${call.cluster}: ${call.tool}` : call.tool,
          completed: item.status === 'completed',
        });
    }
    return calls;
  }, [count]);
}
