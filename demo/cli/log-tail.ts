import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LOG_TAIL_BYTES, LOG_TAIL_LINES } from './tunables.ts';

/** The last lines of every log file that has any, each under its path: what a failed start shows. */
export async function readLogTails(directory: string): Promise<string[]> {
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.log')).sort();
  const tails = await Promise.all(
    names.map(async (name) => {
      const text = (await readFile(join(directory, name), 'utf8')).slice(-LOG_TAIL_BYTES).trimEnd();
      if (text === '') return [];
      return [
        `${join(directory, name)}:`,
        ...text
          .split('\n')
          .slice(-LOG_TAIL_LINES)
          .map((line) => `  ${line}`),
      ];
    }),
  );
  return tails.flat();
}
