import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ErrorCode, type JSONRPCMessage, JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';
import { childEnvironment } from './child-environment.ts';
import { ConnectError, ResponseTooLargeError, TOO_LARGE_MARK } from './classify-error.ts';
import { StderrCollector } from './collect-stderr.ts';
import { guardGroup, LEADS_GROUP, signalGroup } from './process-group.ts';
import { BoundedLineReader, findMessageId } from './read-bounded-lines.ts';
import { MAX_RESULT_BYTES, PIPE_DRAIN_MS, SIGTERM_GRACE_MS, STDIN_CLOSE_GRACE_MS } from './tunables.ts';

type ServerProcess = ChildProcessByStdio<Writable, Readable, Readable>;

export type StdioTransportOptions = {
  command: string;
  args: string[];
  /** The whole environment of the process. */
  env: Record<string, string>;
  cwd?: string | undefined;
  /** Receives bounded lines of stderr, unmasked. */
  onStderrLine: (line: string) => void;
  maxMessageBytes?: number;
};

/**
 * Speaks MCP with a child process over its stdin and stdout. Differs from the SDK's own transport in what a worker
 * needs: the child leads a process group, so closing also ends what it started (`npx` starts the real server); it
 * ends when we are killed; large answers cost linear time, and too large ones fail their call, not the connection.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: Transport['onmessage'];

  readonly #options: StdioTransportOptions;
  readonly #stderr: StderrCollector;
  readonly #reader: BoundedLineReader;
  readonly #maxMessageBytes: number;
  #child: ServerProcess | null = null;
  #guard: { release(): void } | null = null;
  #exited: Promise<void> = Promise.resolve();
  #drained: Promise<void> = Promise.resolve();
  #closing: Promise<void> | null = null;
  #exitText = '';

  constructor(options: StdioTransportOptions) {
    this.#options = options;
    this.#maxMessageBytes = options.maxMessageBytes ?? MAX_RESULT_BYTES;
    this.#stderr = new StderrCollector(options.onStderrLine);
    this.#reader = new BoundedLineReader(this.#maxMessageBytes);
  }

  /** How the process ended and the end of its stderr, unmasked; for error messages. Empty while nothing is known. */
  get diagnosis(): string {
    const stderr = this.#stderr.tail;
    return [this.#exitText, stderr && `stderr: ${stderr}`].filter(Boolean).join('; ');
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(): Promise<void> {
    const { command, args, env, cwd } = this.#options;
    const child = spawn(command, args, {
      env: childEnvironment(env),
      cwd,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: LEADS_GROUP,
      windowsHide: true,
    });
    this.#child = child;
    this.#listen(child);
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) =>
        reject(new ConnectError(`cannot start "${command}": ${error.message}`, 'connection', error)),
      );
    });
    if (child.pid !== undefined) this.#guard = guardGroup(child.pid);
    if (this.#closing) this.#guard?.release();
  }

  #listen(child: ServerProcess): void {
    this.#exited = new Promise((resolve) => {
      child.once('error', () => resolve());
      child.once('exit', (code, signal) => {
        this.#exitText = signal
          ? `the process was ended by ${signal}`
          : `the process exited with code ${code}`;
        resolve();
        // Its children may hold the pipes open, so waiting for "close" could take forever.
        void this.close();
      });
    });
    this.#drained = new Promise((resolve) => child.once('close', () => resolve()));
    child.on('error', (error) => this.onerror?.(error));
    child.stdin.on('error', (error) => this.onerror?.(error));
    child.stdout.on('error', (error) => this.onerror?.(error));
    child.stderr.on('error', (error) => this.onerror?.(error));
    child.stderr.on('data', (chunk: Buffer) => this.#stderr.push(chunk));
    child.stdout.on('data', (chunk: Buffer) => {
      for (const line of this.#reader.push(chunk)) {
        if (line.kind === 'line') this.#receive(line.text);
        else this.#refuse(line);
      }
    });
  }

  #receive(text: string): void {
    if (text.trim() === '') return;
    let message: JSONRPCMessage;
    try {
      message = JSONRPCMessageSchema.parse(JSON.parse(text));
    } catch {
      // Servers print banners and logs to stdout; the answer may still come.
      this.onerror?.(new Error('the server wrote something to stdout that is no JSON-RPC message'));
      return;
    }
    if ('method' in message) this.onmessage?.(message);
    // The client handles notifications a moment later than answers, and an answer ends a call's progress: what a server
    // said before it answered would be lost when both come in one piece.
    else setImmediate(() => this.onmessage?.(message));
  }

  /** Turns an answer that was too large into an error for the call it belongs to. */
  #refuse(line: { head: string; tail: string }): void {
    const error = new ResponseTooLargeError(this.#maxMessageBytes);
    const id = findMessageId(line);
    if (id === null) {
      this.onerror?.(error);
      void this.close();
      return;
    }
    const code = ErrorCode.InternalError;
    this.onmessage?.({ jsonrpc: '2.0', id, error: { code, message: error.message, data: TOO_LARGE_MARK } });
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const child = this.#child;
    if (!child || this.#closing || !child.stdin.writable) throw new Error('Not connected');
    const line = `${JSON.stringify(message)}\n`;
    await new Promise<void>((resolve, reject) => {
      child.stdin.write(line, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Ends the process and its group: stdin closed, then SIGTERM, then SIGKILL. Nothing is left when it resolves. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    const child = this.#child;
    if (child?.pid !== undefined) {
      child.stdin.end();
      if (!(await this.#exitsWithin(STDIN_CLOSE_GRACE_MS))) {
        signalGroup(child, 'SIGTERM');
        await this.#exitsWithin(SIGTERM_GRACE_MS);
      }
      signalGroup(child, 'SIGKILL');
      await this.#exited;
      // A last answer or complaint may still be in the pipes.
      await within(this.#drained, PIPE_DRAIN_MS);
      child.stdout.destroy();
      child.stderr.destroy();
    }
    this.#guard?.release();
    this.onclose?.();
  }

  #exitsWithin(ms: number): Promise<boolean> {
    return within(this.#exited, ms);
  }
}

/** Whether the work succeeded within the time. Leaves no timer behind. */
async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const waited = delay(ms, false, { signal: timer.signal }).catch(() => false);
  const done = work.then(
    () => true,
    () => false,
  );
  const isDone = await Promise.race([done, waited]);
  timer.abort();
  return isDone;
}
