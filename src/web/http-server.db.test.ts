import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BODY_MAX_BYTES, JSON_MAX_DEPTH } from '#src/server/rest/tunables.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { connectClient } from '#test/socket-client.ts';
import { startTestWeb, type TestWeb } from '#test/web/start-test-web.ts';

const db = useTestDatabase();
let web: TestWeb;
let projectId: string;
let key: string;
beforeAll(async () => {
  web = await startTestWeb(db.database);
  projectId = await web.project('acme');
  key = await web.key(projectId, 'alerts');
});
afterAll(() => web.close());

type ErrorBody = {
  error: { code: string; message: string; fields?: { path: string; message: string }[]; requestId: string };
};

async function post(
  body: BodyInit,
  headers: Record<string, string> = {},
): Promise<{ status: number; error: ErrorBody['error'] }> {
  const response = await fetch(`${web.url}/api/v1/alerts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body,
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  });
  const { error }: ErrorBody = await response.json();
  return { status: response.status, error };
}

describe('bodies', () => {
  const tooMuch = Buffer.alloc(10 * BODY_MAX_BYTES, 0x61);

  test('10 MB are refused with 413', async () => {
    const { status, error } = await post(tooMuch);
    expect(status).toBe(413);
    expect(error).toMatchObject({ code: 'payload_too_large', requestId: expect.any(String) });
  });

  test('10 MB without an announced length too', async () => {
    const chunks = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < tooMuch.length; at += 65_536)
          controller.enqueue(tooMuch.subarray(at, at + 65_536));
        controller.close();
      },
    });
    expect((await post(chunks)).status).toBe(413);
  });

  test('a refusal needs no more than the announcement', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const req = request(`${web.url}/api/v1/alerts`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-length': 10 * BODY_MAX_BYTES },
      });
      req.on('response', (res) => {
        resolve(res.statusCode);
        req.destroy();
      });
      req.on('error', reject);
      req.flushHeaders();
    });
    expect(status).toBe(413);
  });

  test('a client that asks first is refused before it sends', async () => {
    let continued = false;
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const req = request(`${web.url}/api/v1/alerts`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${key}`,
          'content-length': 10 * BODY_MAX_BYTES,
          expect: '100-continue',
        },
      });
      req.on('continue', () => {
        continued = true;
      });
      req.on('response', (res) => {
        resolve(res.statusCode);
        req.destroy();
      });
      req.on('error', reject);
      req.flushHeaders();
    });
    expect({ status, continued }).toEqual({ status: 413, continued: false });
  });

  test('without a key not even a large body is read', async () => {
    expect((await post(tooMuch, { authorization: 'Bearer nothing' })).status).toBe(401);
  });

  test.each([
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), /UTF-8/],
    ['not JSON', '{"data": ', /not valid JSON/],
    ['empty', '', /empty/],
    ['nested too deep', `{"data":${'['.repeat(JSON_MAX_DEPTH)}${']'.repeat(JSON_MAX_DEPTH)}}`, /deeper than/],
    ['nested absurdly', `${'['.repeat(500_000)}${']'.repeat(500_000)}`, /deeper than/],
    ['an opener per byte', '{"a":'.repeat(100_000), /deeper than/],
  ])('%s: 400 with a clear message', async (_name, body, message) => {
    const { status, error } = await post(body);
    expect(status).toBe(400);
    expect(error.message).toMatch(message);
  });

  test.each(['[]', '"text"', 'null', '17', '{"data": {}, "severity": 5}', '{"labels": [1], "data": "x"}'])(
    'a wrong shape names its fields: %s',
    async (body) => {
      const { status, error } = await post(body);
      expect(status).toBe(400);
      expect(error.fields?.length).toBeGreaterThan(0);
      for (const field of error.fields ?? []) expect(field.path).not.toBe('');
    },
  );

  test('the text of a broken body is not repeated', async () => {
    expect((await post('{"password": hunter2}')).error.message).not.toContain('hunter2');
  });
});

describe('addresses and methods', () => {
  const get = (path: string, init: RequestInit = {}) =>
    fetch(`${web.url}${path}`, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } });

  test('unknown addresses are 404 in the common shape', async () => {
    for (const path of [
      '/api/v1',
      '/api/v1/nothing',
      '/api/v1/sessions/%E0%A4%A',
      '/api/nothing',
      '/api/v1/alerts/x/y',
    ]) {
      const response = await get(path);
      const { error }: ErrorBody = await response.json();
      expect([path, response.status, error.code]).toEqual([path, 404, 'not_found']);
    }
  });

  test('a wrong method names the right ones', async () => {
    const response = await get('/api/v1/alerts', { method: 'DELETE' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect(((await response.json()) as ErrorBody).error.code).toBe('method_not_allowed');
  });

  test('HEAD answers like GET without a body', async () => {
    const viewer = await web.key(projectId, 'viewer');
    const response = await get('/api/v1/sessions', {
      method: 'HEAD',
      headers: { authorization: `Bearer ${viewer}` },
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });

  test('an absolute-looking target stays here', async () => {
    expect((await get('//evil.example/api/health')).status).toBe(404);
  });

  test('garbage on the wire does not end the process', async () => {
    const { port } = new URL(web.url);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400/);
    expect((await fetch(`${web.url}/api/health/live`)).status).toBe(200);
  });
});

describe('headers', () => {
  test('a plain request id is kept and echoed, anything else replaced', async () => {
    const id = async (given: string) =>
      (await fetch(`${web.url}/api/health/live`, { headers: { 'x-request-id': given } })).headers.get(
        'x-request-id',
      );
    expect(await id('trace-1:abc')).toBe('trace-1:abc');
    expect(await id('a b {}')).not.toBe('a b {}');
    expect(await id('x'.repeat(200))).toHaveLength(36);
  });

  test('every answer carries the security headers', async () => {
    for (const path of ['/api/health', '/api/v1/nothing', '/login/unknown']) {
      const { headers } = await fetch(`${web.url}${path}`, { redirect: 'manual' });
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('same-origin');
    }
  });
});

describe('other sites', () => {
  const mutate = async (headers: Record<string, string>) =>
    (
      await fetch(`${web.url}/api/v1/alerts`, {
        method: 'POST',
        headers: { cookie: await web.cookie({ [projectId]: 'operator' }), ...headers },
        body: '{}',
      })
    ).status;

  test('a mutation with a cookie from another site is refused, from here it is taken', async () => {
    expect(await mutate({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await mutate({ 'sec-fetch-site': 'same-site' })).toBe(403);
    expect(await mutate({ origin: 'https://evil.example' })).toBe(403);
    expect(await mutate({ origin: 'null' })).toBe(403);
    expect(await mutate({ origin: web.url, 'sec-fetch-site': 'same-origin' })).toBe(400);
    expect(await mutate({})).toBe(400);
  });

  test('the same for tRPC', async () => {
    const response = await fetch(`${web.url}/api/trpc/access.revokeKey`, {
      method: 'POST',
      headers: {
        cookie: await web.cookie({ [projectId]: 'admin' }),
        origin: 'https://evil.example',
        'content-type': 'application/json',
      },
      body: '{}',
    });
    expect(response.status).toBe(403);
  });

  test('a key is nobody ambient: its origin does not matter', async () => {
    expect((await post('{}', { origin: 'https://evil.example' })).status).toBe(400);
  });
});

test('a person of several projects names one', async () => {
  const second = await web.project('second');
  const cookie = await web.cookie({ [projectId]: 'viewer', [second]: 'viewer' });
  const list = (headers: Record<string, string>) =>
    fetch(`${web.url}/api/v1/sessions`, { headers: { cookie, ...headers } });
  expect((await list({})).status).toBe(400);
  expect((await list({ 'x-tars-project': 'second' })).status).toBe(200);
  expect((await list({ 'x-tars-project': 'third' })).status).toBe(404);
});

test('metrics count by route, not by address', async () => {
  const viewer = await web.key(projectId, 'viewer');
  const headers = { authorization: `Bearer ${viewer}` };
  await fetch(`${web.url}/api/v1/sessions/0199f0a0-0000-7000-8000-000000000000`, { headers });
  const text = await (await fetch(`${web.url}/api/metrics`, { headers })).text();
  expect(text).toContain(
    'tars_http_requests_total{route="/api/v1/sessions/{id}",method="GET",status="404"} 1',
  );
  expect(text).toContain('tars_sessions{status="pending"} 0');
});

describe('sockets on the same port', () => {
  test('the login cookie opens one, from this origin only', async () => {
    const cookie = await web.cookie({ [projectId]: 'viewer' });
    const join = async (options: { cookie?: string; origin?: string }) => {
      const client = connectClient(web.url, options);
      try {
        return await new Promise<string>((resolve) => {
          client.socket.once('connect_error', (error) => resolve(`refused: ${error.message}`));
          client.socket.once('connect', () => {
            client.socket.emit('project:join', { project: 'acme' }, (answer: { ok: boolean }) =>
              resolve(answer.ok ? 'joined' : 'not joined'),
            );
          });
        });
      } finally {
        client.close();
      }
    };
    expect(await join({ cookie, origin: web.url })).toBe('joined');
    expect(await join({})).toBe('refused: unauthorized');
    expect(await join({ cookie, origin: 'https://evil.example' })).toMatch(/^refused/);
    expect(await join({ cookie: await web.cookie({}) })).toBe('not joined');
  });

  test('an upgrade that is nobody’s is closed', async () => {
    const { port } = new URL(web.url);
    const text = await new Promise<string>((resolve) => {
      let received = '';
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write(
          'GET /elsewhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
        ),
      );
      socket.on('data', (chunk) => {
        received += chunk;
      });
      socket.on('close', () => resolve(received));
      socket.on('error', () => resolve(received));
    });
    expect(text).not.toContain('101');
  });
});

describe('tRPC input has the bounds of REST', () => {
  const call = async (input: string) => {
    const viewer = await web.key(projectId, 'viewer');
    const headers = { authorization: `Bearer ${viewer}`, 'content-type': 'application/json' };
    const query = await fetch(`${web.url}/api/trpc/sessions.list?input=${encodeURIComponent(input)}`, {
      headers,
    });
    const mutation = await fetch(`${web.url}/api/trpc/sessions.cancel`, {
      method: 'POST',
      headers,
      body: input,
    });
    return [query.status, mutation.status];
  };

  test('what PostgreSQL cannot store is repaired', async () => {
    const [query] = await call('{"project":"acme","q":"a\\u0000b"}');
    expect(query).toBe(200);
  });

  test.each([`{"json":${'['.repeat(2_000)}${']'.repeat(2_000)}}`, '{"json":', '17'])(
    'nonsense is the caller’s fault: %#',
    async (input) => {
      for (const status of await call(input)) expect([400, 403]).toContain(status);
    },
  );
});
