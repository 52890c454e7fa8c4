// Adds to package-lock.json the optional packages of other platforms that npm left out, because its registry mirror did
// not have them or because it installed for this platform only: without them `npm ci` refuses the file everywhere.
// Run after every change of dependencies: node scripts/complete-lock-file.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SYSTEMS = {
  darwin: 'darwin',
  linux: 'linux',
  win32: 'win32',
  windows: 'win32',
  freebsd: 'freebsd',
  android: 'android',
  openbsd: 'openbsd',
  netbsd: 'netbsd',
  sunos: 'sunos',
  aix: 'aix',
  openharmony: 'openharmony',
};
const PROCESSORS = {
  arm64: 'arm64',
  aarch64: 'arm64',
  x64: 'x64',
  amd64: 'x64',
  arm: 'arm',
  armv7: 'arm',
  gnueabihf: 'arm',
  ia32: 'ia32',
  ppc64: 'ppc64',
  s390x: 's390x',
  riscv64: 'riscv64',
  loong64: 'loong64',
  mips64el: 'mips64el',
  wasm32: 'wasm32',
};

/** The lock file with an entry for each optional package it speaks of. Pure; entries that are there stay as they are. */
export function completeLockFile(lock) {
  const packages = { ...lock.packages };
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isLocked(packages, path, name) || !/^\d+\.\d+\.\d+/.test(range)) continue;
      const platform = platformOf(name);
      if (!platform) continue;
      packages[`node_modules/${name}`] = {
        version: range,
        ...platform,
        ...(entry.dev ? { dev: true } : {}),
        optional: true,
      };
    }
  }
  const sorted = Object.fromEntries(
    Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  );
  return { ...lock, packages: sorted };
}

/** Whether a package that the one at `path` asks for is in the file: nested, or somewhere above. */
function isLocked(packages, path, name) {
  const parts = path.split('/node_modules/');
  return (
    parts.some(
      (_, index) =>
        packages[`${parts.slice(0, parts.length - index).join('/node_modules/')}/node_modules/${name}`],
    ) || Boolean(packages[`node_modules/${name}`])
  );
}

/** `os` and `cpu` as the name tells them; undefined for a package that is not of one platform. */
function platformOf(name) {
  const words = name.split(/[/_-]/);
  const os = words.map((word) => SYSTEMS[word]).find(Boolean);
  const cpu = words.map((word) => PROCESSORS[word]).find(Boolean);
  if (!os && !cpu) return undefined;
  return { ...(cpu ? { cpu: [cpu] } : {}), ...(os ? { os: [os] } : {}) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = fileURLToPath(new URL('../package-lock.json', import.meta.url));
  const before = readFileSync(path, 'utf8');
  const after = `${JSON.stringify(completeLockFile(JSON.parse(before)), null, 2)}\n`;
  if (after !== before) writeFileSync(path, after);
  const count = (text) => Object.keys(JSON.parse(text).packages).length;
  console.log(`package-lock.json: ${count(after) - count(before)} packages added`);
}
