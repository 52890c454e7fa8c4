import type { ToolProgress } from '#src/server/mcp/index.ts';
import type { AgentStep, PlannedCall, ToolEnd } from './agent-step.ts';
import { LIVE_OUTPUT_INTERVAL_MS, PROGRESS_INTERVAL_MS } from './tunables.ts';

/** Where a running call says how far it is. */
export type LiveSink = { onProgress(progress: ToolProgress): void; onOutput(text: string): void };

/**
 * Makes a call and yields what it says meanwhile: the text since the last time and the newest progress, each at most once
 * per its interval, the last of it before the end.
 */
export async function* streamLiveOutput(
  call: PlannedCall,
  start: (live: LiveSink) => Promise<ToolEnd>,
): AsyncGenerator<AgentStep, ToolEnd> {
  let text = '';
  let progress: ToolProgress | null = null;
  let progressAtMs = Number.NEGATIVE_INFINITY;
  let wake: (() => void) | undefined;
  let end: ToolEnd | undefined;
  const running = start({
    onProgress(update) {
      progress = update;
      wake?.();
    },
    onOutput(more) {
      text += more;
      wake?.();
    },
  }).then((result) => {
    end = result;
    wake?.();
  });
  for (;;) {
    const progressWaitMs =
      progress === null ? null : end ? 0 : progressAtMs + PROGRESS_INTERVAL_MS - performance.now();
    const isProgressDue = progressWaitMs !== null && progressWaitMs <= 0;
    if (text !== '' || isProgressDue) {
      const said = { text, progress: isProgressDue ? progress : null };
      text = '';
      if (isProgressDue) {
        progress = null;
        progressAtMs = performance.now();
      }
      yield { type: 'tool_progress', call, ...said };
      if (!end) await firstOf(running, LIVE_OUTPUT_INTERVAL_MS);
    } else if (end) {
      await running;
      return end;
    } else {
      const said = new Promise<void>((resolve) => {
        wake = resolve;
        if (end || text !== '') resolve();
      });
      await (progressWaitMs === null ? said : firstOf(said, progressWaitMs));
    }
  }
}

/** Waits for this, but not longer. */
async function firstOf(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const pause = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, pause]).finally(() => clearTimeout(timer));
}
