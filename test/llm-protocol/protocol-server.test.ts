import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { type ProtocolServer, type Script, startProtocolServer } from './start-protocol-server.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function start(script: Script): Promise<ProtocolServer> {
  const server = await startProtocolServer({ kind: 'openai-compatible', script });
  cleanups.push(server.close);
  return server;
}

type Message = Record<string, unknown>;
const user = (content: string): Message => ({ role: 'user', content });
const assistant = (content: string): Message => ({ role: 'assistant', content });
const call = (id: string, name: string): Message => ({
  role: 'assistant',
  content: null,
  tool_calls: [{ id, type: 'function', function: { name, arguments: '{}' } }],
});
const result = (id: string, content: string): Message => ({ role: 'tool', tool_call_id: id, content });

async function post(baseUrl: string, messages: Message[], extra: Message = {}): Promise<Response> {
  return fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', stream: true, messages, ...extra }),
  });
}

/** The text that the deltas of a response add up to, or its error message. */
async function ask(baseUrl: string, messages: Message[], extra: Message = {}): Promise<string> {
  const response = await post(baseUrl, messages, extra);
  const body = await response.text();
  if (!response.ok) return `${response.status} ${JSON.parse(body).error.message}`;
  return [...body.matchAll(/"content":"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1]).join('');
}

describe('a script', () => {
  it('is played in order and then exhausted', async () => {
    const { baseUrl } = await start(['one', { text: 'two' }]);
    expect(await ask(baseUrl, [user('a')])).toBe('one');
    expect(await ask(baseUrl, [user('a')])).toBe('two');
    expect(await ask(baseUrl, [user('a')])).toBe('400 the script has no turn for request 2');
  });

  it('answers by rules, which hold whatever the order of the requests', async () => {
    const { baseUrl } = await start({
      rules: [
        { when: { lastContains: 'flaky' }, times: 1, turn: { httpError: { status: 503, message: 'busy' } } },
        { when: { systemContains: 'summary' }, turn: 'a summary' },
        { when: { hasResultOf: 'k8s__logs', lastContains: 'OOM' }, turn: 'out of memory' },
        { when: { contains: 'checkout', assistantTurns: 1 }, turn: 'second turn' },
        { when: { offersTool: 'k8s__logs', assistantTurns: 0 }, turn: 'first turn with tools' },
      ],
      fallback: 'nothing matched',
    });
    const logs = { tools: [{ type: 'function', function: { name: 'k8s__logs', parameters: {} } }] };
    const later = [user('checkout'), assistant('hm'), user('and?')];
    const withResult = [user('x'), call('c1', 'k8s__logs'), result('c1', 'OOMKilled')];
    expect(await ask(baseUrl, later)).toBe('second turn');
    expect(await ask(baseUrl, [user('checkout')], logs)).toBe('first turn with tools');
    expect(await ask(baseUrl, withResult)).toBe('out of memory');
    expect(await ask(baseUrl, [{ role: 'system', content: 'write a summary' }, user('x')])).toBe('a summary');
    expect(await ask(baseUrl, [user('flaky')])).toBe('503 busy');
    expect(await ask(baseUrl, [user('flaky')])).toBe('nothing matched');
  });

  it('may be a function of the request, and be replaced', async () => {
    const server = await start(({ lastText, index }) => `${index}: ${lastText}`);
    expect(await ask(server.baseUrl, [user('hello')])).toBe('0: hello');
    server.setScript(['new']);
    expect(await ask(server.baseUrl, [user('hello')])).toBe('new');
  });

  it('that fails answers 500 with its reason', async () => {
    const server = await start(() => {
      throw new Error('no idea');
    });
    expect(await ask(server.baseUrl, [user('x')])).toBe('500 the script failed: no idea');
  });
});

describe('gates', () => {
  it('hold a response until they are released and count what is open', async () => {
    const server = await start({
      fallback: {
        steps: [
          { type: 'text', text: 'a' },
          { type: 'block', gate: 'go' },
          { type: 'text', text: 'b' },
        ],
      },
    });
    const both = Promise.all([ask(server.baseUrl, [user('1')]), ask(server.baseUrl, [user('2')])]);
    await server.waitForRequests(2);
    await server.waitForBlocked('go');
    expect(server.requests.map((request) => request.outcome)).toEqual(['open', 'open']);
    server.release('go');
    expect(await both).toEqual(['ab', 'ab']);
    expect(server.maxConcurrentRequests).toBe(2);
    expect(await ask(server.baseUrl, [user('3')])).toBe('ab');
  });

  it('can hold the whole response, and say who does not come', async () => {
    const server = await start([{ startGate: 'go', text: 'x' }]);
    const answer = ask(server.baseUrl, [user('1')]);
    await server.waitForBlocked('go');
    await expect(server.waitForBlocked('other', 20)).rejects.toThrow('nobody waits at gate "other"');
    await expect(server.waitForRequests(2, 20)).rejects.toThrow('1 of 2 requests arrived');
    server.release('go');
    expect(await answer).toBe('x');
  });

  it('let the server close while somebody waits', async () => {
    const server = await start([{ startGate: 'never' }]);
    const answer = post(server.baseUrl, [user('1')]);
    const refused = expect(answer).rejects.toThrow();
    await server.waitForBlocked('never');
    await server.close();
    await refused;
  });
});

describe('a request that the provider would refuse', () => {
  it.each([
    ['no messages', [], 'the conversation is empty'],
    ['a call without its result', [user('x'), call('c1', 'logs')], 'tool calls without a result: logs (c1)'],
    [
      'a call and the next question',
      [user('x'), call('c1', 'logs'), user('y')],
      'tool calls without a result: logs (c1)',
    ],
    [
      'a result without its call',
      [user('x'), result('c9', 'r')],
      'tool result "c9" has no matching tool call before it',
    ],
    [
      'a result given twice',
      [user('x'), call('c1', 'logs'), result('c1', 'r'), result('c1', 'r')],
      'tool result "c1" has no matching tool call before it',
    ],
  ])('is refused: %s', async (_case, messages, expected) => {
    const server = await start({ fallback: 'taken' });
    expect(await ask(server.baseUrl, messages)).toBe(`400 ${expected}`);
    expect(server.requests[0]).toMatchObject({ outcome: 'rejected', rejection: expected });
  });

  it('is refused at another path and without streaming', async () => {
    const { baseUrl } = await start({ fallback: 'taken' });
    expect((await fetch(`${baseUrl}/responses`, { method: 'POST', body: '{}' })).status).toBe(404);
    expect(await ask(baseUrl, [user('x')], { stream: false })).toMatch(
      /^400 this server only answers streaming/,
    );
  });
});

describe('the stand-alone server', () => {
  it('prints its address, plays its script and is steered over HTTP', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'llm-protocol-'));
    cleanups.push(() => rm(directory, { recursive: true }));
    const script = path.join(directory, 'script.json');
    await writeFile(
      script,
      JSON.stringify({ turns: ['from a file', { startGate: 'go', text: 'released' }] }),
    );
    const main = path.join(import.meta.dirname, 'main.ts');
    const child = spawn(process.execPath, [main, '--script', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    cleanups.push(async () => {
      child.kill('SIGKILL');
      await exited;
    });

    const [line] = await once(createInterface(child.stdout), 'line');
    const { baseUrl, controlUrl } = JSON.parse(String(line));
    expect(await ask(baseUrl, [user('x')])).toBe('from a file');
    const held = ask(baseUrl, [user('x')]);
    await expect.poll(async () => (await fetch(`${controlUrl}/blocked`)).json()).toEqual(['go']);
    await fetch(`${controlUrl}/release/go`, { method: 'POST' });
    expect(await held).toBe('released');
    const turns = { fallback: 'replaced' };
    expect(
      (await fetch(`${controlUrl}/script`, { method: 'POST', body: JSON.stringify(turns) })).status,
    ).toBe(200);
    expect((await fetch(`${controlUrl}/script`, { method: 'POST', body: '{"turn": 1}' })).status).toBe(400);
    expect(await ask(baseUrl, [user('x')])).toBe('replaced');
    const requests = await (await fetch(`${controlUrl}/requests`)).json();
    expect(requests).toHaveLength(3);
    expect(requests[2]).toMatchObject({ outcome: 'answered', conversation: { model: 'm' } });

    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });

  it('ends with the process that started it', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'llm-protocol-'));
    cleanups.push(() => rm(directory, { recursive: true }));
    const script = path.join(directory, 'script.json');
    await writeFile(script, '{}');
    const main = path.join(import.meta.dirname, 'main.ts');
    const starter = `
      const { spawn } = require('node:child_process');
      spawn(process.execPath, ${JSON.stringify([main, '--script', script, '--with-parent'])}, { stdio: 'inherit' });
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['-e', starter], { stdio: ['ignore', 'pipe', 'inherit'] });
    cleanups.push(async () => void parent.kill('SIGKILL'));
    const [line] = await once(createInterface(parent.stdout), 'line');
    const { controlUrl } = JSON.parse(String(line));
    expect((await fetch(`${controlUrl}/requests`)).status).toBe(200);
    parent.kill('SIGKILL');
    const isGone = (): Promise<boolean> =>
      fetch(`${controlUrl}/requests`).then(
        () => false,
        () => true,
      );
    await expect.poll(isGone, { timeout: 10_000 }).toBe(true);
  });
});
