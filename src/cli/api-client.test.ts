import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createApiClient } from './api-client.ts';
import { CommandError } from './cli-error.ts';

type Answer = (res: ServerResponse) => void;
let server: Server | undefined;
const seen: { method: string | undefined; url: string | undefined; authorization: string | undefined }[] = [];

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  seen.length = 0;
});

/** A server that gives the answers in turn, the last one for ever. */
async function serve(...answers: Answer[]): Promise<string> {
  server = createServer((req, res) => {
    const answer = answers[Math.min(seen.length, answers.length - 1)];
    seen.push({ method: req.method, url: req.url, authorization: req.headers.authorization });
    answer?.(res);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}
const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (res) =>
    void res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const schema = z.object({ ok: z.boolean() });

describe('the API client', () => {
  it('sends the key and parses the answer', async () => {
    const api = createApiClient({ url: `${await serve(json(200, { ok: true }))}/`, key: 'tars_k' });
    expect(await api.get('/sessions', schema)).toEqual({ ok: true });
    expect(seen).toEqual([{ method: 'GET', url: '/api/v1/sessions', authorization: 'Bearer tars_k' }]);
  });

  it('repeats what a busy server did not take', async () => {
    const busy = json(
      503,
      { error: { code: 'unavailable', message: 'busy', requestId: 'r' } },
      { 'retry-after': '0' },
    );
    const api = createApiClient({ url: await serve(busy, busy, json(202, { ok: true })), key: 'k' });
    expect(await api.post('/alerts', {}, schema)).toEqual({ ok: true });
    expect(seen).toHaveLength(3);
  });

  it('does not repeat what was refused, and names the fields', async () => {
    const refusal = json(400, {
      error: {
        code: 'bad_request',
        message: 'Not valid.',
        fields: [{ path: 'data', message: 'say what happened' }],
      },
    });
    const api = createApiClient({ url: await serve(refusal), key: 'k' });
    await expect(api.post('/alerts', {}, schema)).rejects.toThrow('Not valid. data: say what happened (400)');
    expect(seen).toHaveLength(1);
  });

  it('does not send a command twice when the answer never came', async () => {
    const api = createApiClient({ url: await serve(() => undefined), key: 'k', timeoutMs: 100 });
    await expect(api.post('/alerts', {}, schema)).rejects.toThrow('no answer in time');
    expect(seen).toHaveLength(1);
  });

  it.each([
    [
      'another program',
      (res: ServerResponse) => void res.writeHead(404).end('<html>'),
      'is that address TARS?',
    ],
    ['another version', json(200, { ok: 'perhaps' }), 'does not understand'],
  ])('recognises %s at the address', async (_name, answer, message) => {
    const api = createApiClient({ url: await serve(answer), key: 'k' });
    const attempt = api.get('/sessions', schema);
    await expect(attempt).rejects.toThrow(CommandError);
    await expect(attempt).rejects.toThrow(message);
  });
});
