import { describe, expect, it } from 'vitest';
import { createMasker } from '../masking/index.ts';
import { createLiveOutput } from './live-output.ts';
import { LIVE_OUTPUT_MAX_CHARS } from './tunables.ts';
import type { ToolProgress } from './types.ts';

function start(masker = { text: (text: string) => text }) {
  const progress: ToolProgress[] = [];
  const output: string[] = [];
  const live = createLiveOutput({
    masker,
    onProgress: (update) => progress.push(update),
    onOutput: (text) => output.push(text),
  });
  return { live, progress, text: () => output.join('') };
}

describe('live output of a call', () => {
  it('grows by what progress and log messages say; numbers are progress only', () => {
    const { live, progress, text } = start();
    live.progress({ progress: 1, total: 4, message: 'reading shard 1' });
    live.progress({ progress: 2, total: 4, message: 'reading shard 1' });
    live.log({ level: 'info', data: 'found 12 rows' });
    live.log({ level: 'warning', logger: 'store', data: { slow: true } });
    live.progress({ progress: 3, total: 4 });
    live.end();
    expect(text()).toBe('reading shard 1\nfound 12 rows\nwarning store: {"slow":true}\n');
    expect(progress).toEqual([
      { progress: 1, total: 4, message: 'reading shard 1' },
      { progress: 2, total: 4, message: 'reading shard 1' },
      { progress: 3, total: 4, message: '3 of 4' },
    ]);
  });

  it('is masked, also where a secret comes in several messages', () => {
    const { live, text } = start(createMasker({ groups: ['security'] }));
    const key = [
      '-----BEGIN PRIVATE KEY-----',
      'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC',
      '-----END PRIVATE KEY-----',
    ];
    for (const data of [...key, '', 'connected']) live.log({ level: 'info', data });
    live.end();
    expect(text()).not.toContain('MIIEvQIBADANBgkqhkiG9w0BAQEFAASC');
    expect(text()).toContain('connected');
  });

  it('withholds what cannot be masked', () => {
    const { live, progress, text } = start({
      text: () => {
        throw new Error('broken pattern');
      },
    });
    live.progress({ progress: 1, message: 'hunter2' });
    live.end();
    expect(text() + JSON.stringify(progress)).not.toContain('hunter2');
  });

  it('has an end, however much the server says', () => {
    const { live, progress, text } = start();
    for (let line = 1; line <= 3_000; line += 1) {
      live.progress({ progress: line, message: `${line} ${'x'.repeat(100)}` });
    }
    live.end();
    expect(text().length).toBeLessThan(LIVE_OUTPUT_MAX_CHARS + 2_000);
    expect(text()).toMatch(/more came; it is not shown\]\n$/);
    expect(progress.at(-1)).toMatchObject({ progress: 3_000, message: '3000' });
  });
});
