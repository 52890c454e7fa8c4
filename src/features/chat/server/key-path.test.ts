import { expect, test } from 'vitest';
import { createKeyPath } from './key-path.ts';

const pathsOf = (text: string) => {
  const pathOf = createKeyPath();
  return text.split('\n').map((line) => pathOf(line));
};

test('each line of a manifest knows its keys, lists at any depth included', () => {
  const manifest = `metadata:
  name: checkout
spec:
  containers:
  - name: app
    resources:
      limits:
        memory: 64Mi
    env:
      - name: DSN
  nodeName: node-1
status:
  phase: Running`;
  expect(pathsOf(manifest)).toEqual([
    '',
    'metadata',
    '',
    'spec',
    'spec.containers',
    'spec.containers',
    'spec.containers.resources',
    'spec.containers.resources.limits',
    'spec.containers',
    'spec.containers.env',
    'spec',
    '',
    'status',
  ]);
});

test('logs and tables have no keys above their lines', () => {
  expect(pathsOf('NAME  READY\ncheckout 0/1\n2026-01-01 FATAL: no dsn\n  at main.go:12')).toEqual([
    '',
    '',
    '',
    '',
  ]);
});
