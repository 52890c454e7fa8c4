import { expect } from 'vitest';
import { drawPng } from '../mcp-servers/draw-png.ts';
import { rowsOf, waitFor, waitForEnd } from '../runs.ts';
import { crashTest, RESUME_LIMIT_MS } from './crash-test.ts';

crashTest(
  'killed between a call with an image and the next request: the image is sent, the call is not made again',
  {
    script: [
      {
        toolCalls: [
          { id: 'chart', name: 'box__image', arguments: { pictures: 'chart' } },
          { id: 'w', name: 'box__write', arguments: { path: '/dev/null', text: 'x', delayMs: 60_000 } },
        ],
      },
      'The line breaks off [tool: chart].',
    ],
    box: { images: 'models' },
    provider: { images: true },
  },
  async (bed) => {
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    await waitFor(async () => {
      const rows = await rowsOf(
        bed.database,
        `select 1 as found from tool_call c join tool_image i on i.call_id = c.call_id
         where c.session_id = $1 and c.status = 'completed'
           and exists (select 1 from tool_call w where w.session_id = $1 and w.call_id = 'w' and w.status = 'running')`,
        [sessionId],
      );
      return rows[0];
    }, 'the image was not kept');
    expect(bed.model.requests).toHaveLength(1);
    await first.kill();
    await bed.startWorker();
    await bed.model.waitForRequests(2, RESUME_LIMIT_MS);
    expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
    expect(await bed.executed()).toEqual(['image', 'write']);
    expect(JSON.stringify(bed.model.requests[1]?.body)).toContain(drawPng(640, 240, 1).toString('base64'));
    expect(await rowsOf(bed.database, 'select position from tool_image', [])).toEqual([{ position: 1 }]);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);
