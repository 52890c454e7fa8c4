import { spawn } from 'node:child_process';
import { once } from 'node:events';

export type CliResult = { code: number; out: string; err: string };

/** Runs `tars` in a process of its own, as a person would; `env` is laid over the environment of the tests. */
export async function runTars(args: readonly string[], env: Record<string, string> = {}): Promise<CliResult> {
  const child = spawn(process.execPath, ['bin/tars.mjs', ...args], { env: { ...process.env, ...env } });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const [code] = await once(child, 'close');
  return { code: Number(code), out, err };
}
