import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { completeLockFile } from '../../scripts/complete-lock-file.mjs';
import { isInstalled } from './installed-packages.mjs';
import { digestSources, isBuildInput, whyBuild } from './source-digest.mjs';
import { addTotals, countPlaywright, countVitest, formatTotals } from './test-totals.mjs';

describe('isInstalled', () => {
  const wanted = {
    packages: {
      '': { version: '0.1.0' },
      'node_modules/zod': { version: '4.6.7' },
      'node_modules/node-bin-darwin': { version: '24.0.0', optional: true },
    },
  };

  it('is content with the versions of the lock file, without the packages of other platforms', () => {
    expect(isInstalled(wanted, { packages: { 'node_modules/zod': { version: '4.6.7' } } })).toBe(true);
  });

  it.each([
    ['nothing is installed', undefined],
    ['the tree is empty', {}],
    ['a package is missing', { packages: {} }],
    ['a package is older', { packages: { 'node_modules/zod': { version: '4.6.6' } } }],
    [
      'an optional package is another version',
      {
        packages: {
          'node_modules/zod': { version: '4.6.7' },
          'node_modules/node-bin-darwin': { version: '23.0.0' },
        },
      },
    ],
  ])('installs when %s', (_reason, installed) => {
    expect(isInstalled(wanted, installed)).toBe(false);
  });
});

describe('package-lock.json', () => {
  it('names the packages of every platform; otherwise npm ci refuses it (node scripts/complete-lock-file.mjs)', () => {
    const lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'));
    expect(Object.keys(completeLockFile(lock).packages)).toEqual(Object.keys(lock.packages));
  });

  it('is completed from the names of optional packages', () => {
    const { packages } = completeLockFile({
      packages: {
        'node_modules/a': {
          version: '1.0.0',
          dev: true,
          optionalDependencies: { 'a-linux-x64': '1.0.0', 'a-darwin-arm64': '1.0.0' },
        },
        'node_modules/a-linux-x64': { version: '1.0.0' },
      },
    });
    expect(packages['node_modules/a-darwin-arm64']).toEqual({
      version: '1.0.0',
      cpu: ['arm64'],
      os: ['darwin'],
      dev: true,
      optional: true,
    });
    expect(packages['node_modules/a-linux-x64']).toEqual({ version: '1.0.0' });
  });
});

describe('digestSources', () => {
  const tree = { path: '' };
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(tree.path, path)), { recursive: true });
    writeFileSync(join(tree.path, path), text);
  };
  beforeEach(() => {
    tree.path = mkdtempSync(join(tmpdir(), 'tars-digest-'));
    write('src/app/page.tsx', 'one');
    write('package-lock.json', '{}');
  });
  afterEach(() => rmSync(tree.path, { recursive: true, force: true }));

  it('changes with what the pages are built from: contents, names, packages, settings', () => {
    const digests = [digestSources(tree.path)];
    write('src/app/page.tsx', 'two');
    digests.push(digestSources(tree.path));
    write('src/app/other.tsx', '');
    digests.push(digestSources(tree.path));
    write('package-lock.json', '{ }');
    digests.push(digestSources(tree.path));
    write('next.config.ts', '');
    digests.push(digestSources(tree.path));
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('stays the same for tests, generated code and files elsewhere', () => {
    const before = digestSources(tree.path);
    write('src/app/page.test.ts', 'x');
    write('src/generated/prisma/client.ts', 'x');
    write('worker/index.ts', 'x');
    expect(digestSources(tree.path)).toBe(before);
  });

  it('knows which files are inputs', () => {
    expect(['src/lib/a.ts', 'src/lib/a.test.ts', 'src/generated/a.ts'].map(isBuildInput)).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('whyBuild', () => {
  it.each([
    [{ hasBuild: false, builtFrom: undefined, digest: 'a' }, 'there is no build yet'],
    [{ hasBuild: true, builtFrom: undefined, digest: 'a' }, 'nobody knows what the build was made from'],
    [{ hasBuild: true, builtFrom: 'b', digest: 'a' }, 'the sources changed'],
    [{ hasBuild: true, builtFrom: 'a', digest: 'a' }, null],
  ])('%j: %s', (state, reason) => {
    expect(whyBuild(state)).toBe(reason);
  });
});

describe('totals', () => {
  it('adds up what vitest and Playwright report', () => {
    const vitest = countVitest({ numPassedTests: 10, numFailedTests: 2 }, 1);
    const playwright = countPlaywright({ stats: { expected: 3, flaky: 1, unexpected: 1 } }, 1);
    expect(formatTotals(addTotals([{ passed: 1, failed: 0 }, vitest, playwright]))).toBe(
      '15 passed, 3 failed',
    );
  });

  it.each([
    [
      { numPassedTests: 10, numFailedTests: 0 },
      { passed: 10, failed: 1 },
    ],
    [undefined, { passed: 0, failed: 1 }],
  ])('never looks green when the tool failed without a failed test', (report, expected) => {
    expect(countVitest(report, 1)).toEqual(expected);
  });
});
