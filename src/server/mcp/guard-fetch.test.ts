import { createServer, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createGuardedFetch } from './guard-fetch.ts';

const servers: (() => void)[] = [];

afterEach(() => {
  for (const close of servers.splice(0)) close();
});

/** Posts request 7 to a server that answers as told, and reads what the SDK would read. */
async function fetchFrom(answer: (response: ServerResponse) => void, maxBytes = 1_000): Promise<string> {
  const server = createServer((_request, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const body = JSON.stringify({ method: 'tools/call', params: {}, jsonrpc: '2.0', id: 7 });
  const response = await createGuardedFetch(maxBytes)(`http://127.0.0.1:${port}/`, { method: 'POST', body });
  return response.text();
}

function events(write: (response: ServerResponse) => Promise<void> | void) {
  return async (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    await write(response);
  };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
const errorAnswers = (text: string) =>
  [...text.matchAll(/"id":(\d+),"error":\{.*?"data":"([^"]+)"/g)].map(([, id, mark]) => `${id} ${mark}`);

describe('the guarded fetch', () => {
  it('passes events on unchanged', async () => {
    const sent = 'event: message\ndata: {"jsonrpc":"2.0","id":7,"result":{}}\n\n';
    expect(await fetchFrom(events((response) => void response.end(sent)))).toContain(sent);
  });

  it('answers for a stream that ended in the middle of an event', async () => {
    const text = await fetchFrom(
      events((response) => void response.end('data: {"jsonrpc":"2.0","id":7,"resu')),
    );
    expect(errorAnswers(text)).toEqual(['7 tars:cut']);
  });

  it('answers for a stream whose socket was cut', async () => {
    const cut = async (response: ServerResponse) => {
      response.write('data: {"half');
      await pause();
      response.destroy();
    };
    expect(errorAnswers(await fetchFrom(events(cut)))).toEqual(['7 tars:cut']);
  });

  it('leaves a stream that can be resumed to the SDK', async () => {
    const text = await fetchFrom(events((response) => void response.end('id: 41\ndata:\n\n')));
    expect(errorAnswers(text)).toEqual([]);
  });

  it('does not take "id:" in the data for the id of an event', async () => {
    const text = await fetchFrom(events((response) => void response.end('data: {"grid: id: 1"\n\n')));
    expect(errorAnswers(text)).toEqual(['7 tars:cut']);
  });

  it('replaces an event that is too large by an error for its own request and passes the next', async () => {
    const large = async (response: ServerResponse) => {
      response.write('data: {"method":"note"}\n\nda');
      for (const part of [
        'ta: {"result":"',
        ...Array.from({ length: 8 }, () => 'x'.repeat(400)),
        '","jsonrpc":"2.0","id',
        '":12}\n',
        '\n',
      ]) {
        response.write(part);
        await pause();
      }
      response.end('data: {"jsonrpc":"2.0","id":7,"result":{}}\n\n');
    };
    const text = await fetchFrom(events(large));
    expect(errorAnswers(text)[0]).toBe('12 tars:too-large');
    expect(text).toContain('data: {"method":"note"}\n\n');
    expect(text).toContain('data: {"jsonrpc":"2.0","id":7,"result":{}}\n\n');
    expect(text.length).toBeLessThan(3_000);
  });

  it('fails a plain body that is too large', async () => {
    const answer = (response: ServerResponse) => void response.end('x'.repeat(5_000));
    await expect(fetchFrom(answer)).rejects.toThrow('larger than the limit');
  });
});
