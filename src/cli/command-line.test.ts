import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const dirs = { work: '' };
beforeAll(() => {
  dirs.work = mkdtempSync(join(tmpdir(), 'tars-cli-'));
  mkdirSync(join(dirs.work, 'config'));
});
afterAll(() => rmSync(dirs.work, { recursive: true, force: true }));

/** Runs the real command in a process of its own, away from any data of this machine. */
function tars(args: string[], env: Record<string, string> = {}) {
  const result = spawnSync(process.execPath, ['bin/tars.mjs', ...args], {
    encoding: 'utf8',
    env: { ...process.env, TARS_DATA_DIR: dirs.work, TARS_CONFIG: join(dirs.work, 'config'), ...env },
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

const aFile = (name: string, text: string) => {
  const path = join(dirs.work, name);
  writeFileSync(path, text);
  return path;
};

describe('tars', () => {
  it('knows its version and lists its commands', () => {
    expect(tars(['--version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    const help = tars(['--help']);
    expect(help.code).toBe(0);
    for (const command of [
      'up',
      'web',
      'worker',
      'migrate',
      'config',
      'project',
      'key',
      'login',
      'alert',
      'session',
      'notify',
      'eval',
    ]) {
      expect(help.out).toContain(`  ${command} `);
    }
  });

  it.each([
    ['no such command', ['nonsense'], 'unknown command'],
    ['a group without its command', ['key'], 'Usage: tars key'],
    ['a missing option', ['key', 'create', '--name', 'x'], '--scope'],
    ['a wrong choice', ['key', 'create', '--name', 'x', '--scope', 'boss'], 'Allowed choices'],
    ['an unknown option', ['migrate', '--force'], "unknown option '--force'"],
    ['a project name that cannot be an address', ['project', 'create', 'Team B'], 'lower-case letters'],
    ['something that is no session id', ['session', 'show', '42'], 'session id'],
    ['a question to nothing', ['session', 'chat', '42', 'Why?'], 'session id'],
    [
      'an empty question',
      ['session', 'chat', '0199f000-0000-7000-8000-000000000000', ' '],
      'The question is empty',
    ],
  ])('usage: %s exits with 2', (_name, args, message) => {
    const { code, err } = tars(args);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });

  it.each([
    ['a file that is not there', () => ['alert', 'send', '/nowhere/alert.json'], 'cannot be read'],
    ['a file that is not JSON', () => ['alert', 'send', aFile('broken.json', '{')], 'is not JSON'],
    ['no key', () => ['session', 'list'], 'No API key'],
    [
      'nobody at the address',
      () => ['session', 'list', '--key', 'tars_x', '--url', 'http://127.0.0.1:9'],
      'cannot be reached',
    ],
  ])('failure: %s exits with 1, in one line without a stack', (_name, args, message) => {
    const { code, err } = tars(args());
    expect(err).toContain(message);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
  });

  it('says what is wrong with the environment, a database, and a configuration', () => {
    expect(tars(['config', 'check'], { TARS_PORT: 'many' })).toMatchObject({
      code: 1,
      err: expect.stringContaining('TARS_PORT'),
    });
    const url = tars(['migrate'], { DATABASE_URL: 'my-secret-host' });
    expect(url).toMatchObject({
      code: 1,
      err: expect.stringContaining('DATABASE_URL: expected postgresql://'),
    });
    expect(url.err).not.toContain('my-secret-host');
    const database = tars(['migrate'], { DATABASE_URL: 'postgresql://nobody:x@no-such-host.invalid:1/none' });
    expect(database).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^tars: Database no-such-host.invalid:1\/none /),
    });
    expect(database.err.trim().split('\n')).toHaveLength(1);
    const config = mkdtempSync(join(dirs.work, 'config-'));
    writeFileSync(join(config, 'a.yaml'), 'queue: { maxRuningSessions: 3 }\n');
    expect(tars(['config', 'check'], { TARS_CONFIG: config })).toMatchObject({
      code: 1,
      err: expect.stringContaining('maxRunningSessions'),
    });
  });

  it('takes a reader that has seen enough for no failure', async () => {
    const child = spawn(process.execPath, ['bin/tars.mjs', '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    const [code] = await once(child, 'close');
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('prints the result as JSON on the last line', () => {
    const config = mkdtempSync(join(dirs.work, 'config-'));
    const { code, out } = tars(['config', 'check', '--json'], { TARS_CONFIG: config });
    expect(code).toBe(0);
    expect(JSON.parse(out.trim().split('\n').at(-1) ?? '')).toMatchObject({ valid: true, directory: config });
  });
});

describe('failures', () => {
  it.each([
    [['session', 'list', '--limit', 'x'], 'limit'],
    [['session', 'list', '--status', 'sleeping'], 'status'],
  ])('%j is a wrong use', (args, field) => {
    const result = tars(args);
    expect(result.code).toBe(2);
    expect(result.err).toContain(field);
  });

  it('with --json the last line of stdout says what went wrong', () => {
    const { code, out, err } = tars([
      'session',
      'list',
      '--json',
      '--url',
      'http://127.0.0.1:9',
      '--key',
      'tars_x',
    ]);
    expect(code).toBe(1);
    const last: { error: { code: string; message: string } } = JSON.parse(
      out.trimEnd().split('\n').at(-1) ?? '',
    );
    expect(last.error.code).toBe('failed');
    expect(err).toContain(last.error.message);
  });
});
