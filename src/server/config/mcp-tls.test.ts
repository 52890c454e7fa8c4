import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeCertificates } from '#test/mcp-servers/make-certificates.ts';
import { loadConfig } from './load-config.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'tars-config-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function load(transport: object, more: object = {}) {
  const box = { transport: { type: 'http', url: 'https://box.example/mcp', ...transport }, ...more };
  await writeFile(path.join(directory, 'a.yaml'), JSON.stringify({ mcpServers: { box } }));
  return loadConfig({ directory, env: {} });
}

test('a file with certificates is taken, and nothing is warned of', async () => {
  const { caFile, remove } = makeCertificates();
  const { config, warnings } = await load({ caFile }, { connectTimeout: '90s' });
  remove();
  expect(config.mcpServers.box).toMatchObject({ transport: { caFile }, connectTimeout: 90_000 });
  expect(warnings.join()).not.toContain('tlsVerify');
});

test('a file that is not there, or is none, is named at the start', async () => {
  const empty = path.join(directory, 'empty.pem');
  await writeFile(empty, 'not a certificate');
  for (const caFile of ['/nowhere/ca.pem', empty]) {
    await expect(load({ caFile })).rejects.toThrow(/mcpServers\.box\.transport\.caFile/);
    await expect(load({ caFile })).rejects.toThrow('a readable file with certificates (PEM)');
  }
});

test('tlsVerify: false is warned of', async () => {
  const { warnings } = await load({ tlsVerify: false });
  expect(warnings.join()).toContain('mcpServers.box.transport.tlsVerify: false');
});

test('a server that is waited for longer than a run can wait is refused', async () => {
  await expect(load({}, { connectTimeout: '10m' })).rejects.toThrow('at most 5m');
});
