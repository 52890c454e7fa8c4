import type { ToolCallData } from '../schema.ts';

const EXECUTION_ID = /execution_id ([0-9a-f-]{36})/;

/** The sub-agent that a call has started, by its execution's id; null for other calls and while it has not. */
export function readDispatched(call: Pick<ToolCallData, 'server' | 'tool' | 'result'>): string | null {
  if (call.server !== 'tars' || call.tool !== 'dispatch_agent') return null;
  return EXECUTION_ID.exec(call.result ?? '')?.[1] ?? null;
}
