// Writes the SQL of a schema change: node scripts/new-migration.mjs <name>
// Compares prisma/schema with the snapshot of the last migration (schema to schema; DATABASE_URL only has to answer) and puts the
// difference into prisma/migrations/<timestamp>_<name>/migration.sql. Read it, add what Prisma cannot say, commit.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { SchemaEngine } from '@prisma/schema-engine-wasm';

const name = process.argv[2];
if (!name || !/^[a-z0-9_]+$/.test(name)) {
  console.error('usage: node scripts/new-migration.mjs <snake_case_name>');
  process.exit(2);
}
const snapshotPath = 'prisma/migrations/schema.snapshot.prisma';
const schema = readdirSync('prisma/schema')
  .sort()
  .map((file) => readFileSync(join('prisma/schema', file), 'utf8'))
  .join('\n');
const target = (content) =>
  content ? { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] } : { tag: 'empty' };

const engine = await SchemaEngine.new(
  { datamodels: [['schema.prisma', schema]] },
  () => undefined,
  bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: process.env.DATABASE_URL })),
);
const { stdout } = await engine.diff({
  from: target(existsSync(snapshotPath) ? readFileSync(snapshotPath, 'utf8') : ''),
  to: target(schema),
  script: true,
  exitCode: null,
  shadowDatabaseUrl: null,
  filters: { externalTables: [], externalEnums: [] },
});
if (!stdout || /empty migration/i.test(stdout)) {
  console.log('The schema has not changed.');
  process.exit(0);
}
const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
const directory = `prisma/migrations/${stamp}_${name}`;
mkdirSync(directory, { recursive: true });
writeFileSync(join(directory, 'migration.sql'), stdout);
writeFileSync(snapshotPath, schema);
console.log(`wrote ${directory}/migration.sql`);
