// Runs one benchmark, or names them: npm run bench [name] [-- options].
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { handOver } from '../bin/bootstrap/hand-over.mjs';
import { root } from '../bin/bootstrap/paths.mjs';

const names = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();
const [name, ...rest] = process.argv.slice(2);

if (name !== undefined && names.includes(name)) {
  process.exitCode = await handOver([`bench/${name}.ts`, ...rest], { cwd: root });
} else {
  console.log(
    `usage: npm run bench <name> [-- options]\nBenchmarks (targets in bench/README.md): ${names.join(', ')}`,
  );
  process.exitCode = name === undefined ? 0 : 2;
}
