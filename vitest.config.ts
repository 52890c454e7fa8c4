import { defineConfig } from 'vitest/config';

const roots = '{src,worker,demo,eval,bin,test,bench}/**';

/**
 * Two kinds of test beside the source: `*.test.ts` (pure or self-contained) and `*.db.test.ts` (needs PostgreSQL:
 * one embedded server per run, a template database cloned per file, see test/postgres.ts).
 */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    globalSetup: ['test/temporary-directory.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [`${roots}/*.test.ts`],
          exclude: ['**/node_modules/**', '**/*.db.test.ts'],
        },
      },
      {
        extends: true,
        test: { name: 'db', include: [`${roots}/*.db.test.ts`], globalSetup: ['test/postgres.ts'] },
      },
    ],
  },
});
