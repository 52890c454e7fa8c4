import type { PlannedCall } from '#src/features/agents/server/agent-step.ts';

/** A call of a built-in tool, for tests that run one by itself. */
export const plannedCallOf = (fields: Partial<PlannedCall> = {}): PlannedCall => ({
  index: 0,
  iteration: 1,
  callId: 'c1',
  wireName: 'tars__output_read',
  server: 'tars',
  tool: 'output_read',
  readOnly: true,
  arguments: {},
  maskedArguments: {},
  problem: null,
  ...fields,
});
