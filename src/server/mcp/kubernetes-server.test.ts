import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { eventually, processesWithEnvironment } from '#test/mcp-servers/find-processes.ts';
import { openToolbox } from './open-toolbox.ts';

const KUBECONFIG_TEXT = `apiVersion: v1
kind: Config
clusters: [{ name: nowhere, cluster: { server: "http://127.0.0.1:9" } }]
users: [{ name: nobody, user: {} }]
contexts: [{ name: main, context: { cluster: nowhere, user: nobody } }]
current-context: main
`;

describe('the real kubernetes-mcp-server', () => {
  it('lists read-only tools, reports an unreachable cluster as a tool error, and ends with its wrapper', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tars-kube-'));
    const kubeconfig = join(directory, 'config');
    writeFileSync(kubeconfig, KUBECONFIG_TEXT);
    const binaries = fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url));
    const signal = new AbortController().signal;
    const toolbox = await openToolbox({
      servers: {
        cluster: {
          transport: {
            type: 'stdio',
            command: 'kubernetes-mcp-server',
            args: ['--read-only'],
            env: { KUBECONFIG: kubeconfig },
          },
        },
      },
      env: { ...process.env, PATH: `${binaries}:${process.env.PATH ?? ''}` },
      executionId: 'e1',
      signal,
      logger: pino({ level: 'silent' }),
    });
    expect(toolbox.unavailable).toEqual([]);
    const names = toolbox.tools.map((tool) => tool.wireName);
    expect(names).toContain('cluster__pods_list');
    expect(names).toContain('cluster__events_list');
    expect(toolbox.tools.every((tool) => tool.readOnly)).toBe(true);
    const outcome = await toolbox.call({ wireName: 'cluster__pods_list', arguments: {}, signal });
    expect(outcome).toMatchObject({ status: 'failed', isToolError: true });
    expect(outcome.text).toContain('127.0.0.1:9');
    await toolbox.close();
    if (process.platform === 'linux') {
      await eventually(
        () => processesWithEnvironment('KUBECONFIG', kubeconfig).length === 0,
        'no process left',
      );
    }
  });
});
