// Generates the Prisma client when the schema changed. `prisma generate` insists on a schema engine binary it does
// not use, and would download it: any executable satisfies it (never set this for migrations).
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const schemaDir = join(root, 'prisma/schema');
const stamp = join(root, 'src/generated/.schema-hash');
const hash = createHash('sha256');
for (const file of readdirSync(schemaDir).sort())
  hash.update(file).update(readFileSync(join(schemaDir, file)));
hash.update(readFileSync(join(root, 'node_modules/prisma/package.json')));
const digest = hash.digest('hex');
if (!(existsSync(stamp) && readFileSync(stamp, 'utf8') === digest)) {
  const result = spawnSync(
    process.execPath,
    [join(root, 'node_modules/prisma/build/index.js'), 'generate', '--schema', 'prisma/schema'],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        CHECKPOINT_DISABLE: '1',
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
      },
    },
  );
  if (result.status !== 0) {
    process.stderr.write(result.stdout);
    process.stderr.write(result.stderr);
    process.exit(result.status ?? 1);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}
