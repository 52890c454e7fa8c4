import { expect } from 'vitest';
import { rowsOf, waitFor, waitForEnd } from '../runs.ts';
import { crashTest, RESUME_LIMIT_MS } from './crash-test.ts';

const isSummary = { systemContains: 'You shorten the output of a tool' };

crashTest(
  'killed while a result is summarised: the summary is written again, the tool is not called again',
  {
    script: {
      rules: [
        {
          when: isSummary,
          times: 1,
          turn: {
            steps: [
              { type: 'text', text: 'Half of a ' },
              { type: 'block', gate: 'never' },
            ],
          },
        },
        { when: isSummary, turn: 'The whole summary.' },
      ],
      turns: [{ toolCalls: [{ id: 'b', name: 'box__big', arguments: { bytes: 8_000 } }] }, 'Done [tool: b].'],
    },
    box: { summarization: { thresholdTokens: 500 } },
  },
  async (bed) => {
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    await bed.model.waitForBlocked('never', 30_000);
    await waitFor(async () => {
      const [row] = await rowsOf(
        bed.database,
        `select 1 as found from session_event where session_id = $1 and type = 'item.delta' and payload->>'text' like 'Half%'`,
        [sessionId],
      );
      return row;
    }, 'the summary was not streamed');
    await first.kill();
    await bed.startWorker();
    await bed.model.waitForRequests(4, RESUME_LIMIT_MS);
    expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
    expect(await bed.executed()).toEqual(['big']);
    const items = await rowsOf(
      bed.database,
      `select type, status, content from timeline_item where session_id = $1 and type like 'tool%' order by seq`,
      [sessionId],
    );
    expect(items).toMatchObject([
      { type: 'tool_call', status: 'completed' },
      { type: 'tool_summary', status: 'failed', content: expect.stringMatching(/^Half of/) },
      { type: 'tool_summary', status: 'completed', content: 'The whole summary.' },
    ]);
    const seen = bed.model.requests[3]?.conversation.messages.flatMap((message) => message.toolResults) ?? [];
    expect(seen[0]?.text).toContain('The whole summary.');
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);
