import { expect, test } from 'vitest';
import type { AgentStep, PlannedCall, ToolEnd } from './agent-step.ts';
import { type LiveSink, streamLiveOutput } from './stream-live-output.ts';

const call: PlannedCall = {
  index: 0,
  iteration: 1,
  callId: 'a',
  wireName: 'box__talk',
  server: 'box',
  tool: 'talk',
  readOnly: true,
  arguments: {},
  maskedArguments: {},
  problem: null,
};
const done: ToolEnd = {
  status: 'completed',
  view: 'done',
  output: null,
  outputBytes: 4,
  durationMs: 1,
  error: null,
};

async function collect(start: (live: LiveSink) => Promise<ToolEnd>) {
  const steps: Extract<AgentStep, { type: 'tool_progress' }>[] = [];
  const stream = streamLiveOutput(call, start);
  for (let next = await stream.next(); ; next = await stream.next()) {
    if (next.done) return { steps, end: next.value };
    if (next.value.type === 'tool_progress') steps.push(next.value);
  }
}

test('a silent call yields nothing but its end', async () => {
  expect(await collect(() => Promise.resolve(done))).toEqual({ steps: [], end: done });
});

test('what comes together is one step, and nothing that was said before the end is lost', async () => {
  const { steps, end } = await collect(async (live) => {
    for (let line = 1; line <= 100; line += 1) {
      live.onOutput(`line ${line}\n`);
      live.onProgress({ progress: line, total: 100, message: `line ${line}` });
    }
    await Promise.resolve();
    live.onOutput('last\n');
    return done;
  });
  expect(end).toBe(done);
  expect(steps.length).toBeLessThan(5);
  const text = steps.map((step) => step.text).join('');
  expect(text.split('\n')).toHaveLength(102);
  expect(text).toMatch(/^line 1\n[\s\S]*line 100\nlast\n$/);
  expect(steps.findLast((step) => step.progress)?.progress).toMatchObject({ progress: 100 });
});
