import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** One file that breaks each rule, and what it imports. A rule that cannot fail protects nothing. */
const violations: Record<string, { from: string; to: string }> = {
  'no-circular': { from: 'src/lib/a.ts', to: 'src/lib/b.ts' },
  'lib-is-a-leaf': { from: 'src/lib/c.ts', to: 'src/server/x.ts' },
  'kernel-knows-no-feature': { from: 'src/server/y.ts', to: 'src/features/one/schema.ts' },
  'kernel-imports-no-ui-framework': { from: 'src/server/z.ts', to: 'react' },
  'ui-primitives-know-no-feature': { from: 'src/components/ui/button.tsx', to: 'src/features/one/schema.ts' },
  'browser-code-imports-no-server-code': {
    from: 'src/features/one/components/panel.tsx',
    to: 'src/features/one/server/index.ts',
  },
  'feature-through-its-public-surface': {
    from: 'src/features/two/server/index.ts',
    to: 'src/features/one/server/inner.ts',
  },
  'nobody-imports-app': { from: 'src/features/two/components/link.tsx', to: 'src/app/page.tsx' },
  'worker-reaches-features-through-their-surface': {
    from: 'worker/index.ts',
    to: 'src/features/one/server/inner.ts',
  },
  'product-imports-no-demo': { from: 'src/server/w.ts', to: 'demo/cluster/index.ts' },
  'nobody-imports-eval': { from: 'demo/cluster/more.ts', to: 'eval/run/run.ts' },
  'eval-reaches-features-through-their-surface': {
    from: 'eval/run/other.ts',
    to: 'src/features/one/server/inner.ts',
  },
};

/** A tree that keeps every rule. */
const clean: Record<string, string> = {
  'src/lib/b.ts': 'export const b = 1;',
  'src/server/x.ts': "import { b } from '#src/lib/b.ts';\nexport const x = b;",
  'src/features/one/schema.ts': "import { b } from '#src/lib/b.ts';\nexport const schema = b;",
  'src/features/one/server/inner.ts': "import { x } from '#src/server/x.ts';\nexport const inner = x;",
  'src/features/one/server/index.ts': "export { inner } from './inner.ts';",
  'src/features/two/server/other.ts':
    "import { inner } from '#src/features/one/server/index.ts';\nexport const o = inner;",
  'src/app/page.tsx': "import { schema } from '#src/features/one/schema.ts';\nexport const page = schema;",
  'worker/job.ts': "import { inner } from '#src/features/one/server/index.ts';\nexport const job = inner;",
  'demo/cluster/index.ts': 'export const cluster = 1;',
  'eval/run/run.ts': "import { cluster } from '#demo/cluster/index.ts';\nexport const run = cluster;",
  'bin/tars.ts': "import { run } from '#eval/run/run.ts';\nexport const tars = run;",
};

let tree: string;

async function plant(files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), text);
  }
}

function brokenRules(): Promise<string[]> {
  const cli = join(root, 'node_modules/.bin/depcruise');
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [
        cli,
        '--config',
        '.dependency-cruiser.cjs',
        '--output-type',
        'json',
        'src',
        'worker',
        'demo',
        'eval',
        'bin',
      ],
      { cwd: tree, maxBuffer: 50_000_000 },
      (_error, stdout, stderr) => {
        try {
          const report: { summary: { violations: { rule: { name: string } }[]; totalCruised: number } } =
            JSON.parse(stdout);
          expect(report.summary.totalCruised).toBeGreaterThan(5);
          resolve([...new Set(report.summary.violations.map((violation) => violation.rule.name))].sort());
        } catch (error) {
          reject(new Error(`${stderr}\n${error}`));
        }
      },
    );
  });
}

beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'tars-rules-'));
  for (const file of ['package.json', 'tsconfig.json', '.dependency-cruiser.cjs'])
    await cp(join(root, file), join(tree, file));
  await mkdir(join(tree, 'node_modules/react'), { recursive: true });
  await writeFile(
    join(tree, 'node_modules/react/package.json'),
    '{"name":"react","main":"index.js","version":"1.0.0"}',
  );
  await writeFile(join(tree, 'node_modules/react/index.js'), 'module.exports = 1;');
  await plant(clean);
});
afterAll(() => rm(tree, { recursive: true, force: true }));

test('a tree that keeps the rules passes', async () => {
  expect(await brokenRules()).toEqual([]);
});

test('each rule fails on a planted violation', async () => {
  const spell = (to: string) => (to === 'react' ? to : `#${to}`);
  const planted = Object.fromEntries(
    Object.values(violations).map(({ from, to }) => [
      from,
      `import * as other from '${spell(to)}';\nexport const used = other;`,
    ]),
  );
  planted['src/lib/b.ts'] = "import * as a from '#src/lib/a.ts';\nexport const b = a;";
  await plant(planted);
  expect(await brokenRules()).toEqual(Object.keys(violations).sort());
});
