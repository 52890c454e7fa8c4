import { describe, expect, test } from 'vitest';
import { readImage } from '#src/features/sessions/server/read/read-image.ts';
import { readTrace } from '#src/features/sessions/server/read/read-trace.ts';
import { type AgentRuns, itemsOf, resultsIn, sentText, useAgentRuns } from '#test/agent-runs.ts';
import { drawPng } from '#test/mcp-servers/draw-png.ts';
import { urlFixture } from '#test/mcp-servers/fixture-config.ts';
import { rowsOf } from '#test/runs.ts';

const image = (id: string, pictures: string, count = 1) => ({
  id,
  name: 'box__image',
  arguments: { pictures, count },
});
const base64 = (n = 1) => drawPng(640, 240, n).toString('base64');
const settings = (runs: AgentRuns, images: string | undefined, provider: Record<string, unknown> = {}) => ({
  mcpServers: { box: { ...urlFixture('http', runs.box.url), ...(images ? { images } : {}) } },
  llmProviders: { main: runs.provider(provider) },
});
const look = (runs: AgentRuns, pictures: string, count = 1, config = settings(runs, 'models')) =>
  runs.run({ script: [{ toolCalls: [image('call_a', pictures, count)] }, 'I see [tool: call_a].'], config });

const pieces = (value: unknown, isWanted: (piece: Record<string, unknown>) => boolean): unknown[] => {
  if (Array.isArray(value)) return value.flatMap((item) => pieces(item, isWanted));
  if (typeof value !== 'object' || value === null) return [];
  const piece: Record<string, unknown> = Object.fromEntries(Object.entries(value));
  return isWanted(piece) ? [piece] : Object.values(piece).flatMap((item) => pieces(item, isWanted));
};

describe('a model that sees', () => {
  describe('Anthropic', () => {
    const runs = useAgentRuns('anthropic');

    test('is sent the image within the result', async () => {
      const run = await look(runs, 'chart', 2);
      expect(run.status).toBe('completed');
      const [result] = pieces(run.requests[1]?.body, (piece) => piece.type === 'tool_result');
      expect(result).toMatchObject({
        content: [
          { type: 'text', text: expect.stringContaining('[image 2: image/png') },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: base64(1) } },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: base64(2) } },
        ],
      });
      const rows = await rowsOf(runs.database, 'select content from message where session_id = $1', [
        run.sessionId,
      ]);
      expect(JSON.stringify(rows)).not.toContain(base64().slice(0, 60));
    });
  });

  describe('OpenAI', () => {
    const runs = useAgentRuns('openai');
    test('is sent the image within the result', async () => {
      const run = await look(runs, 'embedded');
      expect(run.status).toBe('completed');
      const [output] = pieces(run.requests[1]?.body, (piece) => piece.type === 'function_call_output');
      expect(output).toMatchObject({
        output: [
          {
            type: 'input_text',
            text: expect.stringContaining('[resource fixture://panel/1]\n[image 1: image/png'),
          },
          { type: 'input_image', image_url: `data:image/png;base64,${base64()}` },
        ],
      });
    });
  });

  describe('Google', () => {
    const runs = useAgentRuns('google');
    test.each(['gemini-2.5-flash', 'gemini-3-test'])(
      '%s is sent the image with the result',
      async (model) => {
        const run = await look(runs, 'chart', 1, settings(runs, 'models', { model }));
        expect(run.status).toBe('completed');
        const [inline] = pieces(run.requests[1]?.body, (piece) => 'inlineData' in piece);
        expect(inline).toMatchObject({ inlineData: { mimeType: 'image/png', data: base64() } });
      },
    );
  });

  describe('behind chat completions', () => {
    const runs = useAgentRuns();

    test("is sent the image in a user's message after the results, when its configuration says that it sees", async () => {
      const run = await look(runs, 'chart', 1, settings(runs, 'models', { images: true }));
      expect(run.status).toBe('completed');
      expect(resultsIn(run.requests[1]).call_a).toContain('[Its images follow in the next message.]');
      const [url] = pieces(run.requests[1]?.body, (piece) => piece.type === 'image_url');
      expect(url).toMatchObject({ image_url: { url: `data:image/png;base64,${base64()}` } });
    });

    test('otherwise it is told that it is not', async () => {
      const run = await look(runs, 'chart');
      expect(run.status).toBe('completed');
      expect(resultsIn(run.requests[1]).call_a).toMatch(
        /640×240\]\n\[You are not sent the images of this result\.\]/,
      );
      expect(sentText(run.requests[1])).not.toContain(base64().slice(0, 60));
    });

    test('that refuses images is asked again in words', async () => {
      const run = await runs.run({
        script: (request) =>
          request.lastText.startsWith('The images of the result')
            ? { httpError: { status: 400, message: 'this model does not support image input' } }
            : request.assistantTurns === 0
              ? { toolCalls: [image('call_a', 'chart')] }
              : 'I was told [tool: call_a].',
        config: settings(runs, 'models', { images: true }),
      });
      expect(run.status).toBe('completed');
      expect(run.requests).toHaveLength(3);
      expect(itemsOf(run, 'compaction')[0]?.content).toContain('set `images: false`');
      const trace = await readTrace(runs.kernel, {
        projectId: runs.projectId,
        sessionId: run.sessionId,
        limit: 50,
      });
      const models = trace.items.filter((item) => item.kind === 'llm');
      expect(models.map((item) => item.request.images)).toEqual([0, 1, 0]);
      expect(JSON.stringify(models[1]?.request.messages)).toContain('tool_image');
    });

    test('may look at the same thing again: a picture is of a moment', async () => {
      const run = await runs.run({
        script: [
          { toolCalls: [image('call_a', 'chart')] },
          { toolCalls: [image('call_b', 'chart')] },
          'Seen.',
        ],
        config: settings(runs, 'models', { images: true }),
      });
      expect(run.toolCalls.map((call) => call.status)).toEqual(['completed', 'completed']);
    });

    test('loses the oldest images first when the conversation grows too long', async () => {
      const run = await runs.run({
        script: [
          { toolCalls: [image('call_a', 'chart', 4)] },
          { toolCalls: [{ id: 'call_b', name: 'box__echo', arguments: { text: 'b' } }] },
          { toolCalls: [image('call_c', 'chart')] },
          'Seen.',
        ],
        config: settings(runs, 'models', { images: true, contextTokens: 14_000 }),
      });
      expect(run.status).toBe('completed');
      expect(itemsOf(run, 'compaction')).toHaveLength(1);
      const counts = run.requests.map(
        (request) => pieces(request.body, (piece) => piece.type === 'image_url').length,
      );
      expect(counts).toEqual([0, 4, 4, 1]);
      expect(resultsIn(run.requests[3]).call_a).toContain('left out to make room; call the tool again');
    });
  });
});

describe('people', () => {
  const runs = useAgentRuns('anthropic');

  test('see what models do not, unless the configuration says more', async () => {
    const run = await look(runs, 'chart', 1, settings(runs, undefined));
    expect(sentText(run.requests[1])).not.toContain(base64().slice(0, 60));
    expect(Object.values(resultsIn(run.requests[1]))[0]).toContain('shown to people only]');
    const [item] = itemsOf(run, 'tool_call');
    expect(item?.data.images).toEqual([
      {
        position: 1,
        mediaType: 'image/png',
        width: 640,
        height: 240,
        bytes: drawPng(640, 240).length,
        forModels: false,
        url: expect.stringMatching(new RegExp(`^/api/v1/sessions/${run.sessionId}/images/[0-9a-f-]{36}$`)),
      },
    ]);
    const [row] = await rowsOf<{ id: string }>(
      runs.database,
      'select id from tool_image where session_id = $1',
      [run.sessionId],
    );
    const key = { projectId: runs.projectId, sessionId: run.sessionId, imageId: row?.id ?? '' };
    expect(await readImage(runs.kernel, key)).toEqual({ content: drawPng(640, 240), mediaType: 'image/png' });
    const trace = await readTrace(runs.kernel, { ...key, limit: 50 });
    expect(trace.items.flatMap((each) => (each.kind === 'tool' ? each.images : []))).toEqual(
      item?.data.images,
    );
  });

  test('watch an image arrive by its metadata: no event holds a byte of it', async () => {
    const run = await look(runs, 'chart', 4);
    const events = await rowsOf<{ payload: unknown }>(
      runs.database,
      'select payload from session_event where session_id = $1',
      [run.sessionId],
    );
    const text = JSON.stringify(events);
    expect(text.match(/\/images\/[0-9a-f-]{36}/g)).toHaveLength(4);
    expect(text).not.toContain(base64().slice(0, 60));
  });

  test('see the image of an error, which models are told in words', async () => {
    const run = await look(runs, 'failing');
    expect(run.toolCalls.map((call) => call.status)).toEqual(['failed']);
    expect(itemsOf(run, 'tool_call')[0]?.data.images).toMatchObject([{ forModels: false }]);
    expect(sentText(run.requests[1])).not.toContain(base64().slice(0, 60));
  });

  test.each([
    ['svg', 1, /left out: its bytes are none of image\/png/, 0],
    ['large', 1, /left out: larger than 2\.0 MB/, 0],
    ['huge', 1, /left out: 60000×240 pixels are too many/, 0],
    ['chart', 50, /\[image 50: .*left out: at most 4 images of a call are kept\]/, 4],
  ])('of %s × %i see what is left out and why', async (pictures, count, why, kept) => {
    const run = await look(runs, pictures, count);
    expect(run.status).toBe('completed');
    expect(run.toolCalls[0]?.result).toMatch(why);
    const rows = await rowsOf(runs.database, 'select position from tool_image where session_id = $1', [
      run.sessionId,
    ]);
    expect(rows).toHaveLength(kept);
    expect(pieces(run.requests[1]?.body, (piece) => piece.type === 'image')).toHaveLength(kept);
  });

  test('see nothing of a server whose images nobody is to see', async () => {
    const run = await look(runs, 'chart', 1, settings(runs, 'nobody'));
    expect(run.toolCalls[0]?.result).toContain('; not shown]');
    expect(itemsOf(run, 'tool_call')[0]?.data.images ?? null).toBeNull();
  });
});
