import type { LoggingMessageNotificationParams, Progress } from '@modelcontextprotocol/sdk/types.js';
import { createStreamMasker } from '../masking/index.ts';
import { maskSafely } from './mask-safely.ts';
import { LIVE_OUTPUT_MAX_CHARS, PROGRESS_MAX_CHARS } from './tunables.ts';
import type { Masker, ToolProgress } from './types.ts';

export type LiveOutput = {
  progress(update: Progress): void;
  log(message: LoggingMessageNotificationParams): void;
  /** Hands over what is still held back. */
  end(): void;
};

const CUT_NOTE = '[more came; it is not shown]\n';

/**
 * What a server says while it runs a call, as a text that grows by lines, and the newest state of its progress. It is shown,
 * not trusted: masked as a stream (a secret may come in several messages), bounded, and it extends no timeout.
 */
export function createLiveOutput(options: {
  masker: Masker;
  onProgress?: ((progress: ToolProgress) => void) | undefined;
  onOutput?: ((text: string) => void) | undefined;
}): LiveOutput {
  const { masker, onProgress, onOutput } = options;
  const stream = createStreamMasker({ ...masker, text: (text) => maskSafely(masker, text) });
  let taken = 0;
  let lastLine = '';
  const isFull = () => taken >= LIVE_OUTPUT_MAX_CHARS;
  const emit = (text: string) => {
    if (text !== '') onOutput?.(text);
  };
  const append = (line: string) => {
    if (isFull() || line === lastLine) return;
    lastLine = line;
    const piece = line.slice(0, LIVE_OUTPUT_MAX_CHARS - taken);
    taken += piece.length;
    emit(stream.push(`${piece}\n`));
    if (isFull()) emit(stream.end() + CUT_NOTE);
  };
  return {
    progress({ progress, total, message }) {
      // Beyond the bound numbers are enough: masking what nobody sees costs time.
      const said = message === undefined || isFull() ? undefined : maskSafely(masker, message);
      onProgress?.({
        progress,
        ...(total !== undefined && { total }),
        message: (said ?? describeNumbers(progress, total)).slice(0, PROGRESS_MAX_CHARS),
      });
      if (message !== undefined) append(message);
    },
    log({ level, logger, data }) {
      const text = typeof data === 'string' ? data : (JSON.stringify(data) ?? '');
      append(`${level === 'info' ? '' : `${level} `}${logger ? `${logger}: ` : ''}${text}`);
    },
    end: () => emit(isFull() ? '' : stream.end()),
  };
}

const describeNumbers = (progress: number, total: number | undefined): string =>
  total === undefined ? String(progress) : `${progress} of ${total}`;
