import type { SessionState } from '../../session-state.ts';

/**
 * Changes with every call that begins or ends, and with nothing else. A model's call is in the trace once it has been
 * answered; one of a tool from its start.
 */
export function traceNews({ session, items }: Pick<SessionState, 'session' | 'items'>): number {
  const { llmCalls, toolCalls } = session.counts;
  return llmCalls + toolCalls + items.filter(({ type }) => type === 'tool_call').length;
}
