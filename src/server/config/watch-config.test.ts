import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConfigError } from './config-error.ts';
import { loadConfig } from './load-config.ts';
import { redactConfig } from './redact-config.ts';
import { watchConfig } from './watch-config.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'tars-watch-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

test('a valid change is taken over, an invalid one is reported and the last good stays', async () => {
  const file = path.join(directory, 'tars.yaml');
  await writeFile(file, 'queue: { maxRunningSessions: 2 }\n');
  const options = { directory, env: {} };
  const changes: number[] = [];
  const errors: ConfigError[] = [];
  const watcher = watchConfig({
    ...options,
    initial: await loadConfig(options),
    onChange: (loaded) => changes.push(loaded.config.queue.maxRunningSessions),
    onInvalid: (error) => errors.push(error),
    pollIntervalMs: 3_600_000,
  });
  try {
    expect(await watcher.check()).toBe(false);
    await writeFile(file, 'queue: { maxRunningSessions: 30 }\n');
    expect(await watcher.check()).toBe(true);
    expect(watcher.current().config.queue.maxRunningSessions).toBe(30);
    await writeFile(file, 'queue: { maxRunningSessions: many }\n');
    expect(await watcher.check()).toBe(true);
    expect(watcher.current().config.queue.maxRunningSessions).toBe(30);
    expect(watcher.issues()).toEqual([
      expect.objectContaining({ path: 'queue.maxRunningSessions', line: 1 }),
    ]);
    await writeFile(file, 'queue: { maxRunningSessions: 4 }\n# fixed\n');
    expect(await watcher.check()).toBe(true);
    expect(watcher.issues()).toEqual([]);
    expect(changes).toEqual([30, 4]);
    expect(errors).toHaveLength(1);
  } finally {
    watcher.stop();
  }
});

test('the redacted configuration shows what is in force and no secret, wherever it was put', async () => {
  await writeFile(
    path.join(directory, 'tars.yaml'),
    `llmProviders: { main: { type: openai, model: m, apiKey: plain-key, headers: { X-Org: acme-org } } }
mcpServers:
  box: { transport: { type: http, url: "https://u:\${BOX_PASSWORD}@box.example/\${BOX_TOKEN}", headers: { Authorization: "Bearer \${BOX_TOKEN}" } } }
  local: { transport: { type: stdio, command: run, args: [--api-token, literal-token, --level, info], env: { KUBECONFIG: /k, API_KEY: env-key } }, approval: { tools: { token_get: never } } }
webhooks: { sentry: { secret: hook-secret } }
notifications:
  slack: { channel: "#x", token: slack-token }
  destinations:
    chat: { type: mattermost, url: "https://chat.example", channel: a/b, token: chat-token }
    cards: { type: teams, url: "https://flow.example/run?sig=flow-key" }
    hook: { type: webhook, url: "https://hook.example/hook-key", secret: hook-signs, headers: { X-Key: hook-header } }
masking: { patterns: { ACME_KEY: "ak_[a-z]{4}" } }
`,
  );
  const loaded = await loadConfig({
    directory,
    env: { BOX_TOKEN: 'box-token-value', BOX_PASSWORD: 'box-password' },
  });
  const text = JSON.stringify(redactConfig(loaded));
  for (const secret of [
    'plain-key',
    'acme-org',
    'box-token-value',
    'box-password',
    'literal-token',
    'env-key',
    'hook-secret',
    'slack-token',
    'chat-token',
    'flow-key',
    'hook-key',
    'hook-signs',
    'hook-header',
  ]) {
    expect(text).not.toContain(secret);
  }
  for (const shown of ['/k', 'box.example', '--level', 'info', '#x', 'ak_[a-z]{4}', '"token_get":"never"']) {
    expect(text).toContain(shown);
  }
});

test('a skill that is added or edited is taken over', async () => {
  const options = { directory, env: {} };
  const watcher = watchConfig({ ...options, initial: await loadConfig(options), pollIntervalMs: 3_600_000 });
  const write = (text: string) =>
    writeFile(path.join(directory, 'skills/dns.md'), `---\nname: dns\ndescription: d\n---\n${text}\n`);
  try {
    await watcher.check();
    await mkdir(path.join(directory, 'skills'));
    await write('one');
    expect(await watcher.check()).toBe(true);
    expect(watcher.current().config.skills?.dns?.text).toBe('one');
    await write('second');
    expect(await watcher.check()).toBe(true);
    expect(watcher.current().config.skills?.dns?.text).toBe('second');
    const shown = JSON.stringify(redactConfig(watcher.current()));
    expect(shown).toContain('skills/dns.md');
    expect(shown).not.toContain('second');
  } finally {
    watcher.stop();
  }
});
