import { watch } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KeptProcess } from './keep-running.ts';
import { RELOAD_SETTLE_MS } from './tunables.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const WATCHED = ['src', 'worker'];

/**
 * Names of the processes that must start anew for a changed file (path below the project, forward slashes). Pages and
 * components are none of them: Next reloads those in the browser.
 */
export function processesAffectedBy(path: string): ('web' | 'worker')[] {
  if (!path.endsWith('.ts') || /\.test\.ts$/.test(path)) return [];
  if (path.startsWith('worker/')) return ['worker'];
  if (path.startsWith('src/web/') || path === 'src/main.ts') return ['web'];
  const isShared =
    /^src\/(server|generated|lib)\/|^src\/features\/[^/]+\/(server\/|schema\.ts$|session-state\.ts$)/.test(
      path,
    );
  return isShared ? ['web', 'worker'] : [];
}

/** Development: starts web and worker anew when their sources change. Returns what ends the watching. */
export function reloadOnChange(processes: readonly KeptProcess[]): () => void {
  const pending = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const reload = () => {
    const names = new Set([...pending].flatMap(processesAffectedBy).map(String));
    pending.clear();
    for (const process of processes) if (names.has(process.name)) process.reload();
  };
  const watchers = WATCHED.map((directory) =>
    watch(join(root, directory), { recursive: true }, (_event, file) => {
      if (file === null) return;
      pending.add(`${directory}/${file.replaceAll('\\', '/')}`);
      clearTimeout(timer);
      timer = setTimeout(reload, RELOAD_SETTLE_MS);
    }),
  );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
