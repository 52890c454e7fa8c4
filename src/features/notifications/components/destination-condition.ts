import type { DestinationState } from '../schema.ts';

export type Condition = 'works' | 'fails' | 'unused' | 'incomplete' | 'off';

/** How a destination is doing: what happened last counts. */
export function conditionOf({
  state,
  lastSentAt,
  lastErrorAt,
}: Pick<DestinationState, 'state' | 'lastSentAt' | 'lastErrorAt'>): Condition {
  if (state === 'off') return 'off';
  if (state !== 'on') return 'incomplete';
  if (lastErrorAt !== null && (lastSentAt === null || Date.parse(lastErrorAt) > Date.parse(lastSentAt)))
    return 'fails';
  return lastSentAt === null ? 'unused' : 'works';
}
