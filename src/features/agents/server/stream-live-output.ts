import type { ToolProgress } from '#src/server/mcp/index.ts';
import type { AgentStep, PlannedCall, ToolEnd } from './agent-step.ts';
import { LIVE_OUTPUT_INTERVAL_MS } from './tunables.ts';

/** Where a running call says how far it is. */
export type LiveSink = { onProgress(progress: ToolProgress): void; onOutput(text: string): void };

/**
 * Makes a call and yields what it says meanwhile: the text since the last time and the newest progress, at most once per
 * interval, the last of it before the end.
 */
export async function* streamLiveOutput(
  call: PlannedCall,
  start: (live: LiveSink) => Promise<ToolEnd>,
): AsyncGenerator<AgentStep, ToolEnd> {
  let text = '';
  let progress: ToolProgress | null = null;
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
    if (text !== '' || progress !== null) {
      const said = { text, progress };
      text = '';
      progress = null;
      yield { type: 'tool_progress', call, ...said };
      if (!end) await settled(running, LIVE_OUTPUT_INTERVAL_MS);
    } else if (end) {
      await running;
      return end;
    } else {
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (end || text !== '' || progress !== null) resolve();
      });
    }
  }
}

/** Waits so long, or until the work has ended. */
async function settled(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const pause = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, pause]).finally(() => clearTimeout(timer));
}
