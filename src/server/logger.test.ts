import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** The logger writes to the process's stderr, so it is watched from outside. */
function logLines(script: string): Record<string, unknown>[] {
  const source = `const { createLogger, withLogContext } = await import(${JSON.stringify(new URL('./logger.ts', import.meta.url).href)});
    const log = createLogger({ level: 'info', process: 'test' });\n${script}`;
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', source], { encoding: 'utf8' });
  return stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('lines carry the ids of their context, and nothing of the lines before them', () => {
  const lines = logLines(`
    withLogContext({ requestId: 'r1' }, () => {
      log.info({ route: '/a', password: 'x' }, 'first');
      withLogContext({ sessionId: 's1' }, () => log.info('second'));
      log.info('third');
    });
    log.info('outside');`);
  const [first, second, third, outside] = lines;
  expect(first).toMatchObject({ requestId: 'r1', route: '/a', level: 'info', process: 'test' });
  expect(second).toMatchObject({ requestId: 'r1', sessionId: 's1' });
  expect(third).toMatchObject({ requestId: 'r1', msg: 'third' });
  for (const line of [second, third]) expect(line).not.toHaveProperty('route');
  expect(third).not.toHaveProperty('sessionId');
  expect(outside).not.toHaveProperty('requestId');
});
