import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { stdioFixture } from '#test/mcp-servers/fixture-config.ts';
import { serverEnvironment } from './create-transport.ts';
import { openToolbox } from './open-toolbox.ts';
import { StdioTransport } from './stdio-transport.ts';
import { STDERR_MAX_LINES } from './tunables.ts';

const transports: StdioTransport[] = [];

afterEach(async () => {
  await Promise.all(transports.splice(0).map((transport) => transport.close()));
});

/** Writes in full before it returns; `process.stdout.write` may still hold a part when the process exits. */
const WRITE_ALL = `
  const fs = require('node:fs');
  function writeAll(fd, text) {
    for (let rest = Buffer.from(text); rest.length > 0; ) rest = rest.subarray(fs.writeSync(fd, rest));
  }
`;

/** Runs a script as the server and collects what it says until it ends. */
async function run(source: string, maxMessageBytes?: number) {
  const stderr: string[] = [];
  const messages: unknown[] = [];
  const errors: string[] = [];
  const transport = new StdioTransport({
    command: process.execPath,
    args: ['-e', source],
    env: { PATH: process.env.PATH ?? '' },
    onStderrLine: (line) => stderr.push(line),
    ...(maxMessageBytes !== undefined && { maxMessageBytes }),
  });
  transports.push(transport);
  transport.onmessage = (message) => messages.push(message);
  transport.onerror = (error) => errors.push(error.message);
  const closed = new Promise<void>((resolve) => {
    transport.onclose = resolve;
  });
  await transport.start();
  await closed;
  return { transport, stderr, messages, errors };
}

describe('the stdio transport', () => {
  it('delivers what a server said right before it ended', async () => {
    const source = `${WRITE_ALL} writeAll(1, JSON.stringify({ jsonrpc: '2.0', id: 1, result: { text: 'x'.repeat(3000000) } }) + '\\n'); process.exit(0)`;
    const { messages } = await run(source);
    expect(messages).toHaveLength(1);
    expect(JSON.stringify(messages[0]).length).toBeGreaterThan(3_000_000);
  });

  it('keeps the end of stderr for explanations and bounds what reaches the log', async () => {
    const source = `${WRITE_ALL} for (let i = 1; i <= 5000; i += 1) writeAll(2, 'line ' + i + '\\n'); process.exit(7)`;
    const { transport, stderr } = await run(source);
    expect(stderr).toHaveLength(STDERR_MAX_LINES + 1);
    expect(stderr[0]).toBe('line 1');
    expect(stderr.at(-1)).toBe('(further lines are not logged)');
    expect(transport.diagnosis).toContain('exited with code 7');
    expect(transport.diagnosis).toContain('line 5000');
    expect(transport.diagnosis.length).toBeLessThan(3_000);
  });

  it('skips what is no message', async () => {
    const source = `console.log('Server listening'); console.log('{"half":'); console.log(JSON.stringify({ jsonrpc: '2.0', id: 1, result: {} }))`;
    const { messages, errors } = await run(source);
    expect(messages).toEqual([{ jsonrpc: '2.0', id: 1, result: {} }]);
    expect(errors).toHaveLength(2);
  });

  it('turns a message that is too large into an error for its request', async () => {
    const source = `console.log(JSON.stringify({ result: 'x'.repeat(5000), jsonrpc: '2.0', id: 4 })); console.log(JSON.stringify({ jsonrpc: '2.0', id: 5, result: {} }))`;
    const { messages } = await run(source, 1_000);
    expect(messages).toEqual([
      {
        jsonrpc: '2.0',
        id: 4,
        error: expect.objectContaining({ message: expect.stringContaining('larger than') }),
      },
      { jsonrpc: '2.0', id: 5, result: {} },
    ]);
  });

  it('refuses to send when it is closed, and closes twice without complaint', async () => {
    const { transport } = await run('process.exit(0)');
    await transport.close();
    await expect(transport.send({ jsonrpc: '2.0', method: 'x' })).rejects.toThrow('Not connected');
  });

  it('survives garbage on stdout in the middle of a call', async () => {
    const signal = new AbortController().signal;
    const toolbox = await openToolbox({
      servers: { box: stdioFixture().config },
      env: process.env,
      executionId: 'e1',
      signal,
      logger: pino({ level: 'silent' }),
    });
    const outcome = await toolbox.call({
      wireName: 'box__malformed',
      arguments: { kind: 'garbage' },
      signal,
    });
    await toolbox.close();
    expect(outcome).toMatchObject({ status: 'completed', text: 'after the garbage' });
  });
});

describe('serverEnvironment', () => {
  it('hands on what a program needs to run and nothing that is ours', () => {
    const env = {
      PATH: '/bin',
      HOME: '/home/x',
      DATABASE_URL: 'postgres://',
      OPENAI_API_KEY: 'sk',
      TZ: undefined,
    };
    expect(serverEnvironment(env, { KUBECONFIG: '/k' })).toEqual({
      PATH: '/bin',
      HOME: '/home/x',
      KUBECONFIG: '/k',
    });
  });
});
