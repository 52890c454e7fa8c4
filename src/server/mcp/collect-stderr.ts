import { StringDecoder } from 'node:string_decoder';
import { STDERR_MAX_LINE_CHARS, STDERR_MAX_LINES, STDERR_TAIL_CHARS } from './tunables.ts';

/** Keeps the end of a process's stderr and hands its first lines, shortened, to `onLine`. Bounded in both. */
export class StderrCollector {
  readonly #onLine: (line: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #tail = '';
  #open = '';
  #lines = 0;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** The last part of what was written, unmasked. */
  get tail(): string {
    return this.#tail.trim();
  }

  push(chunk: Buffer): void {
    const text = this.#decoder.write(chunk);
    this.#tail = (this.#tail + text).slice(-STDERR_TAIL_CHARS);
    if (this.#lines >= STDERR_MAX_LINES) return;
    const parts = (this.#open + text).split('\n');
    this.#open = (parts.pop() ?? '').slice(0, STDERR_MAX_LINE_CHARS);
    for (const part of parts) this.#emit(part);
  }

  #emit(line: string): void {
    if (line.trim() === '' || this.#lines >= STDERR_MAX_LINES) return;
    this.#lines += 1;
    this.#onLine(line.slice(0, STDERR_MAX_LINE_CHARS));
    if (this.#lines === STDERR_MAX_LINES) this.#onLine('(further lines are not logged)');
  }
}
