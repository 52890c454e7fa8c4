import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { fetchFromAmazon } from './fetch-from-amazon.ts';
import { AMAZON_MAX_BYTES, AMAZON_TRIES } from './tunables.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** A server that answers the n-th request (from 1) as told; `asked` are the paths in order. */
async function serve(answer: (attempt: number) => Answer) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(asked.length)(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: new URL(`http://127.0.0.1:${port}/confirm`), asked };
}

const never = new AbortController().signal;
const says =
  (text: string, status = 200): Answer =>
  (response) =>
    void response.writeHead(status).end(text);

test('what is answered is read, also when it is as long as may be', async () => {
  const text = 'x'.repeat(AMAZON_MAX_BYTES);
  const { url } = await serve(() => says(text));
  expect(await fetchFromAmazon(url, never)).toBe(text);
});

test('a redirect is not followed, wherever it leads', async () => {
  const elsewhere = await serve(() => says('the metadata of a cloud machine'));
  const { url } = await serve(
    () => (response) => void response.writeHead(302, { location: elsewhere.url.href }).end(),
  );
  await expect(fetchFromAmazon(url, never)).rejects.toThrow();
  expect(elsewhere.asked).toEqual([]);
});

test('a longer answer is refused, announced or not, and not read to its end', async () => {
  const endless: Answer = (response) => {
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(16_384)));
    };
    response.on('drain', more);
    response.writeHead(200);
    more();
  };
  const { url } = await serve(() => endless);
  await expect(fetchFromAmazon(url, never)).rejects.toThrow(`more than ${AMAZON_MAX_BYTES} bytes`);
});

test('a failure is tried again, and not for ever', async () => {
  const once = await serve((attempt) => (attempt === 1 ? says('later', 503) : says('confirmed')));
  expect(await fetchFromAmazon(once.url, never)).toBe('confirmed');
  const down = await serve(() => says('no', 500));
  await expect(fetchFromAmazon(down.url, never)).rejects.toThrow('answered 500');
  expect(down.asked).toHaveLength(AMAZON_TRIES);
});

test('who gives up is not kept waiting, and nothing is asked again', async () => {
  const abort = new AbortController();
  const { url, asked } = await serve(() => () => abort.abort(new Error('over')));
  await expect(fetchFromAmazon(url, abort.signal)).rejects.toThrow('over');
  expect(asked).toHaveLength(1);
});
